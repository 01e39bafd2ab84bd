import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { readYaml } from '../../packages/guard/src/config/index.ts';
import { generatePyrra, type PyrraOptions } from '../../packages/guard/src/generate/index.ts';
import { readPyrraInputs } from '../../packages/guard/src/slo/index.ts';
import { sourceFolder } from '../../scripts/peers/build.ts';
import { expectToLoad } from './compat/expect-to-load.ts';
import { PYRRA_CORNERS } from './compat/pyrra-corners.ts';
import { pyrraObjective } from './compat/pyrra-specs.ts';
import { runPeer } from './programs.ts';

const folder = mkdtempSync(join(tmpdir(), 'slo-guard-pyrra-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pyrra = sourceFolder('pyrra');
const examples = readdirSync(join(pyrra, 'examples')).filter(name => name.endsWith('.yaml'));

/** Pyrra reads the first of several; here all are read. */
const firstDocument = (text: string) => text.replace(/^---\n/, '').split(/^---$/m)[0]!;

const corpus = new Map([
  ...examples.map((name): [string, string] => [
    name,
    firstDocument(readFileSync(join(pyrra, 'examples', name), 'utf8')),
  ]),
  ...Object.entries(PYRRA_CORNERS).map(([name, text]): [string, string] => [`${name}.yaml`, text]),
  ...fc
    .sample(pyrraObjective, { numRuns: 250, seed: 20_261_126 })
    .map((value, i): [string, string] => [`random-${i}.yaml`, JSON.stringify(value, undefined, 2)]),
]);

const OPTIONS: PyrraOptions = {
  genericRules: false,
  operatorRule: false,
  prometheus3Migration: true,
  externalUrl: undefined,
};

interface Case {
  readonly name: string;
  readonly flags: readonly string[];
  readonly options: Partial<PyrraOptions>;
}

const CASES: readonly Case[] = [
  { name: 'without flags', flags: [], options: {} },
  { name: 'with generic rules', flags: ['--generic-rules'], options: { genericRules: true } },
  {
    name: 'with generic rules and for Prometheus 2 alone',
    flags: ['--generic-rules', '--enable-prometheus-3-migration=false'],
    options: { genericRules: true, prometheus3Migration: false },
  },
  { name: 'for the operator', flags: ['--operator-rule'], options: { operatorRule: true } },
  {
    name: 'with links',
    flags: ['--external-url=https://pyrra.example:8443/prefix?x=1'],
    options: { externalUrl: 'https://pyrra.example:8443/prefix?x=1' },
  },
];

describe('the real Pyrra and --compat pyrra', () => {
  it.each(CASES)('write the same $name', async ({ flags, options }) => {
    const run = mkdtempSync(join(folder, 'run-'));
    for (const part of ['in', 'out']) mkdirSync(join(run, part));
    for (const [name, text] of corpus) writeFileSync(join(run, 'in', name), text);
    const { code, stderr } = await runPeer(
      'pyrra',
      ['generate', '--config-files=in/*.yaml', '--prometheus-folder=out', ...flags],
      run,
    );
    expect(code, stderr).toBe(0);
    const ours = new Map(
      [...corpus].flatMap(([name, text]) =>
        generatePyrra(readPyrraInputs(name, text), { ...OPTIONS, ...options }).map(
          ({ suffix, text: rules }) => [name.replace('.yaml', `${suffix}.yaml`), rules],
        ),
      ),
    );
    expect([...ours.keys()].sort()).toEqual(readdirSync(join(run, 'out')).sort());
    mkdirSync(join(run, 'ours'));
    for (const [name, text] of ours) {
      writeFileSync(join(run, 'ours', name), text);
      const theirs = documentOf(readFileSync(join(run, 'out', name), 'utf8'));
      expect(
        documentOf(text),
        `${name}\n${corpus.get(name.replace(/-(short|long)\.yaml$/, '.yaml'))}`,
      ).toEqual(theirs);
    }
    if (!options.operatorRule) await expectToLoad(join(run, 'ours'));
  });
});

interface Groups {
  readonly groups: readonly { readonly name?: string }[];
}

/** Without the group that Pyrra writes without a name, which Prometheus refuses. */
function documentOf(text: string): unknown {
  const value = readYaml('rules', text)[0]?.value;
  const resource = value as { spec?: Groups; metadata?: Record<string, unknown> } & Groups;
  const named = ({ groups }: Groups) => groups.filter(({ name }) => name !== '' && name !== undefined);
  if (!resource.spec) return { groups: named(resource) };
  const { creationTimestamp: _, ...metadata } = resource.metadata ?? {};
  return { ...resource, metadata, spec: { groups: named(resource.spec) } };
}
