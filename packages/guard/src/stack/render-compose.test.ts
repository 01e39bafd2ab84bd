import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadStack } from './model.ts';
import { RULE_FILE_NAMES } from './rule-files.ts';

const ROOT = join(import.meta.dirname, '../../../..');

interface Container {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile?: string };
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: object;
  readonly environment?: Readonly<Record<string, string>>;
  readonly read_only?: boolean;
  readonly mem_limit?: string;
  readonly restart?: string;
  readonly user?: string;
  readonly profiles?: readonly string[];
  readonly command?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
}

const read = (file: string) => parse(readFileSync(join(ROOT, file), 'utf8'), { merge: true });
const base = read('docker-compose.yml');
const override = read('docker-compose.prometheus.override.yml');
const services: Record<string, Container> = { ...base.services, ...override.services };
const all = Object.entries(services);

const withProfile = (profile: string) =>
  all.filter(([, { profiles }]) => profiles?.includes(profile) ?? true).map(([name]) => name);

describe('the compose files together', () => {
  test('are the eight containers of the original, each in one file, and a guard in place of five', () => {
    expect(Object.keys(base.services)).toEqual([
      'service_a',
      'service_b',
      'service_b_go',
      'otel-collector',
      'jaeger',
      'guard',
    ]);
    expect(Object.keys(override.services)).toEqual([
      'prometheus',
      'alertmanager',
      'grafana',
      'webhook-receiver',
    ]);
    expect(withProfile('real')).toHaveLength(8);
    expect(withProfile('go')).toEqual(
      withProfile('real').map(name => (name === 'service_b' ? 'service_b_go' : name)),
    );
    expect(withProfile('embedded')).toEqual(['service_a', 'service_b', 'guard', 'webhook-receiver']);
    expect(readFileSync(join(ROOT, '.env'), 'utf8')).toContain('COMPOSE_PROFILES=real\n');
  });

  test.each(all)(
    '%s is pinned, limited, read-only, not root, and waits only for what can be healthy',
    (_, container) => {
      expect(container).toMatchObject({ read_only: true, restart: 'unless-stopped' });
      expect(container.image).toMatch(/:(v?\d+\.\d+\.\d+|local)$/);
      expect(container.mem_limit).toBeDefined();
      // Our own image sets its user itself.
      expect(container.build !== undefined || /^[1-9]/.test(container.user ?? '')).toBe(true);
      for (const [name, { condition }] of Object.entries(container.depends_on ?? {})) {
        const other = services[name]!;
        expect(other, name).toBeDefined();
        const hasHealth = other.healthcheck !== undefined || other.build !== undefined;
        expect(condition).toBe(hasHealth ? 'service_healthy' : 'service_started');
      }
    },
  );

  test.each(all)(
    '%s mounts what exists, builds from what exists and is published on loopback alone',
    (_, container) => {
      for (const volume of container.volumes ?? []) {
        const [source] = volume.split(':') as [string];
        if (source.startsWith('./')) expect(existsSync(join(ROOT, source)), source).toBe(true);
        else expect({ ...base.volumes, ...override.volumes }).toHaveProperty(source);
      }
      if (container.build) {
        const { context, dockerfile } = container.build;
        expect(existsSync(dockerfile ? join(ROOT, dockerfile) : join(ROOT, context, 'Dockerfile'))).toBe(
          true,
        );
      }
      for (const port of container.ports ?? [])
        expect(port).toMatch(/^127\.0\.0\.1:\$\{[A-Z_]+:-(\d+)\}:\1$/);
    },
  );

  test('mount every rule file, and expect the heartbeat as stack.yaml says', () => {
    const guardFiles = services.guard!.volumes!.map(volume => volume.split(':')[0]);
    for (const name of RULE_FILE_NAMES) expect(guardFiles).toContain(`./deploy/prometheus/${name}`);
    const { watchdog } = loadStack('stack.yaml', readFileSync(join(ROOT, 'stack.yaml'), 'utf8'));
    expect(services['webhook-receiver']!.environment).toMatchObject({
      DEADMAN_INTERVAL_SECONDS: String(watchdog.interval / 1000),
      DEADMAN_LATE_AFTER_SECONDS: String(watchdog.lateAfter / 1000),
    });
  });

  test('are two files, one of them the override', () => {
    const files = readdirSync(ROOT).filter(name => /^(docker-)?compose.*\.ya?ml$/.test(name));
    expect(files.sort()).toEqual(['docker-compose.prometheus.override.yml', 'docker-compose.yml']);
  });

  test.each(all)('%s may do nothing that it need not', (_, container) => {
    expect(container).toMatchObject({ cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
  });

  test.each(all)('%s tells its health', (name, { healthcheck, build }) => {
    if (build) {
      const dockerfile = join(ROOT, build.context, build.dockerfile ?? 'Dockerfile');
      expect(readFileSync(dockerfile, 'utf8')).toMatch(/^HEALTHCHECK /m);
      expect(readFileSync(dockerfile, 'utf8')).toMatch(/^USER (node|[1-9]\d*:[1-9]\d*)$/m);
    } else if (name === 'otel-collector') {
      // Its image holds the collector alone, so that it is asked from outside.
      const config = parse(readFileSync(join(ROOT, 'deploy/otel-collector/config.yaml'), 'utf8'));
      expect(config.service.extensions).toContain('health_check');
      expect(services[name]!.ports!.join()).toMatch(/127\.0\.0\.1:\S+:13133/);
    } else expect(healthcheck).toBeDefined();
  });

  test('start in the order of who needs whom', () => {
    const order = (profile: string) => {
      const names = withProfile(profile);
      const waits = (name: string): number =>
        1 +
        Math.max(
          -1,
          ...Object.keys(services[name]!.depends_on ?? {})
            .filter(other => names.includes(other))
            .map(waits),
        );
      return Object.groupBy(names, waits);
    };
    expect(order('real')).toEqual({
      0: ['jaeger', 'webhook-receiver'],
      1: ['otel-collector', 'alertmanager'],
      2: ['service_b'],
      3: ['service_a'],
      4: ['prometheus'],
      5: ['grafana'],
    });
    expect(order('embedded')).toEqual({
      0: ['service_b', 'webhook-receiver'],
      1: ['service_a'],
      2: ['guard'],
    });
  });

  test('keep what must outlive a container in named volumes', () => {
    const kept = Object.fromEntries(
      all.flatMap(([name, { volumes = [] }]) =>
        volumes.filter(volume => /^[a-z]/.test(volume)).map(volume => [name, volume]),
      ),
    );
    expect(kept).toEqual({
      guard: 'guard-data:/data',
      prometheus: 'prometheus-data:/prometheus',
      alertmanager: 'alertmanager-data:/alertmanager',
      grafana: 'grafana-data:/var/lib/grafana',
      'webhook-receiver': 'receiver-data:/data',
    });
  });

  test('keep samples for the longest window and a day, and exemplars', () => {
    const { retention } = loadStack('stack.yaml', readFileSync(join(ROOT, 'stack.yaml'), 'utf8'));
    expect(retention).toBe(31 * 24 * 3_600_000);
    expect(services.prometheus!.command).toEqual(
      expect.arrayContaining(['--storage.tsdb.retention.time=31d', '--enable-feature=exemplar-storage']),
    );
  });

  test('limit the Collector before its container would be ended: first in the pipeline, then batch, retry, queue', () => {
    const config = parse(readFileSync(join(ROOT, 'deploy/otel-collector/config.yaml'), 'utf8'));
    expect(config.service.pipelines.traces.processors).toEqual(['memory_limiter', 'batch']);
    expect(services['otel-collector']!.mem_limit).toBe('256m');
    expect(config.processors.memory_limiter.limit_mib).toBeLessThan(256);
    expect(config.exporters['otlp_grpc/jaeger']).toMatchObject({
      retry_on_failure: { enabled: true },
      sending_queue: { enabled: true },
    });
  });

  test('have ports that the README says how to move', () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const variables = all.flatMap(([, { ports = [] }]) => ports.map(port => /\{([A-Z_]+):-/.exec(port)![1]!));
    expect(variables.filter(name => !readme.includes(name))).toEqual([]);
  });

  test('publish every port of stack.yaml', () => {
    const {
      services: ours,
      receiver,
      ports,
    } = loadStack('stack.yaml', readFileSync(join(ROOT, 'stack.yaml'), 'utf8'));
    const published = all.flatMap(([, { ports: list = [] }]) =>
      list.map(port => Number(port.split(':').at(-1))),
    );
    const wanted = [...ours.map(({ port }) => port), receiver.port, ...Object.values(ports)];
    expect(wanted.filter(port => !published.includes(port))).toEqual([]);
  });
});
