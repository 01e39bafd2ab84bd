import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { compileRegexp } from '../../packages/guard/src/core/index.ts';
import { generateTarget, mergeRouting } from '../../packages/guard/src/generate/index.ts';
import { policyOf } from '../../packages/guard/src/slo/index.ts';
import { runPeer } from '../peers/programs.ts';
import { goldenModel } from './golden-model.ts';
import { VARIED_SLOS } from './varied-slos.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'slo-guard-peers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const told = policyOf('seed');
/** The definitions' patterns are Go's. */
const re2 = Object.assign(
  (pattern: string) => {
    const compiled = compileRegexp(pattern);
    // Ajv tells patterns apart by how they print.
    return { test: (text: string) => compiled.matcher(text).find(), toString: () => pattern };
  },
  { code: 're2' },
);

/** With a policy that names a receiver, too. */
const SLOS = [
  ...VARIED_SLOS,
  {
    ...VARIED_SLOS[0]!,
    name: 'told',
    policy: { ...told, tiers: told.tiers.map(tier => ({ ...tier, notify: ['pager'] })) },
  },
];

const USER = `# Ours.
route:
  receiver: all
  routes:
    - { matchers: [team="db"], receiver: dba } # theirs
receivers:
  - { name: all, webhook_configs: [{ url: 'http://127.0.0.1:1/' }] }
  - name: dba
  - name: pager
`;

describe('the real amtool', () => {
  it.each([{}, { pageReceiver: 'pager' }, { pageReceiver: 'pager', ticketReceiver: 'all' }])(
    'takes the merged configuration with %o',
    async options => {
      const merged = mergeRouting({ file: 'am.yml', text: USER }, { slos: SLOS }, options);
      writeFileSync(join(folder, 'am.yml'), merged);
      const printed = await runPeer('amtool', ['check-config', 'am.yml'], folder);
      expect(printed).toMatchObject({ code: 0, stdout: expect.stringContaining('SUCCESS') });
    },
  );

  it('routes an alert of an SLO as meant, and others as before', async () => {
    const options = { pageReceiver: 'pager', ticketReceiver: 'all' };
    writeFileSync(
      join(folder, 'am.yml'),
      mergeRouting({ file: 'am.yml', text: USER }, { slos: VARIED_SLOS }, options),
    );
    const route = async (...labels: string[]) =>
      (
        await runPeer('amtool', ['config', 'routes', 'test', '--config.file=am.yml', ...labels], folder)
      ).stdout.trim();
    expect(await route('slo=orders', 'service=shop', 'severity=page')).toBe('pager');
    expect(await route('slo=orders', 'service=shop', 'severity=ticket', 'team=db')).toBe('all');
    expect(await route('alertname=Disk', 'severity=page', 'team=db')).toBe('dba');
  });

  it('takes the committed configuration of the demo', async () => {
    const printed = await runPeer('amtool', ['check-config', 'deploy/alertmanager/alertmanager.yml'], root);
    expect(printed).toMatchObject({ code: 0 });
  });
});

describe('the schemas of the Prometheus operator', () => {
  /** Its newest release on the Go module proxy that carries the definitions of its resources. */
  const MODULE = 'github.com/prometheus-operator/prometheus-operator@v0.85.0';
  const validators = new Map<string, ReturnType<Ajv['compile']>>();

  beforeAll(() => {
    const { stdout } = spawnSync('go', ['mod', 'download', '-json', MODULE], {
      cwd: folder,
      encoding: 'utf8',
    });
    const { Dir } = JSON.parse(stdout) as { Dir: string };
    for (const plural of ['prometheusrules', 'servicemonitors', 'alertmanagerconfigs']) {
      const path = join(Dir, 'example/prometheus-operator-crd', `monitoring.coreos.com_${plural}.yaml`);
      const { spec } = parse(readFileSync(path, 'utf8'));
      for (const { name, schema } of spec.versions) {
        const ajv = new Ajv({
          strict: false,
          formats: { int32: true, int64: true, 'date-time': true },
          code: { regExp: re2 },
        });
        const whole = closed(schema.openAPIV3Schema);
        validators.set(`${spec.names.kind} ${spec.group}/${name}`, ajv.compile(whole as object));
      }
    }
  });

  /** Kubernetes drops fields that a definition lacks: here they are errors. */
  function closed(schema: unknown): unknown {
    if (Array.isArray(schema)) return schema.map(closed);
    if (typeof schema !== 'object' || schema === null) return schema;
    const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
    const keepsAll = copy['x-kubernetes-preserve-unknown-fields'] === true || copy.properties === undefined;
    return keepsAll ? copy : { additionalProperties: false, ...copy };
  }

  it('take every resource that is generated', async () => {
    const models = [goldenModel(), { slos: SLOS }];
    const kinds = new Set<string>();
    for (const model of models) {
      const files = await generateTarget('operator', model, {
        namespace: 'shop',
        labels: { release: 'prometheus' },
      });
      for (const [path, text] of files) {
        const resource = parse(text);
        const { metadata, ...rest } = resource;
        expect(metadata.name).toMatch(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
        const kind = `${resource.kind} ${resource.apiVersion}`;
        kinds.add(kind);
        const validate = validators.get(kind)!;
        // The definitions leave metadata to Kubernetes.
        expect([path, validate({ ...rest, metadata: {} }), validate.errors]).toEqual([path, true, null]);
      }
    }
    expect(kinds.size).toBe(3);
  });

  it('see a field that is wrong', () => {
    const validate = validators.get('PrometheusRule monitoring.coreos.com/v1')!;
    const rule = (field: string) => ({
      metadata: {},
      spec: { groups: [{ name: 'a', rules: [{ [field]: 'x', expr: 'up' }] }] },
    });
    expect([validate(rule('record')), validate(rule('recrod'))]).toEqual([true, false]);
  });
});
