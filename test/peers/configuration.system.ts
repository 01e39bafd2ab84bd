import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { runPeer } from './programs.ts';

const root = join(import.meta.dirname, '../..');
const files = ['-f', 'docker-compose.yml', '-f', 'docker-compose.prometheus.override.yml'];

interface ComposeService {
  readonly ports?: readonly { readonly host_ip?: string }[];
  readonly read_only?: boolean;
}

interface RuleFile {
  readonly groups: readonly { readonly rules: readonly { readonly alert?: string }[] }[];
}

it("takes the article's compose command word for word", async () => {
  const { code, stdout, stderr } = await runPeer(
    'docker-compose',
    [...files, 'config', '--format', 'json'],
    root,
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { services } = JSON.parse(stdout) as { services: Record<string, ComposeService> };
  expect(Object.keys(services).sort()).toEqual([
    'alertmanager',
    'grafana',
    'jaeger',
    'otel-collector',
    'prometheus',
    'service_a',
    'service_b',
    'webhook-receiver',
  ]);
  const published = Object.values(services).flatMap(({ ports = [] }) => ports);
  expect(published.length).toBeGreaterThan(7);
  expect(published.filter(({ host_ip }) => host_ip !== '127.0.0.1')).toEqual([]);
  expect(Object.entries(services).filter(([, service]) => service.read_only !== true)).toEqual([]);
});

it.each([
  ['promtool', ['check', 'config', 'deploy/prometheus/prometheus.yml']],
  ['promtool', ['check', 'rules', '--lint=all', '--lint-fatal', 'deploy/prometheus/rules.yml']],
  ['promtool', ['check', 'rules', '--lint=all', '--lint-fatal', 'deploy/prometheus/watch.yml']],
  ['promtool', ['test', 'rules', 'deploy/prometheus/rules.test.yml', 'deploy/prometheus/watch.test.yml']],
  ['amtool', ['check-config', 'deploy/alertmanager/alertmanager.yml']],
  ['actionlint', ['.github/workflows/ci.yml']],
])('the real %s finds nothing wrong: %j', async (program, args) => {
  const { code, stdout, stderr } = await runPeer(program, args, root);
  expect(code, `${stdout}${stderr}`).toBe(0);
});

/** Where the real Alertmanager sends what has these labels. */
async function receiverOf(labels: readonly string[]): Promise<string> {
  const args = ['config', 'routes', 'test', '--config.file=deploy/alertmanager/alertmanager.yml', ...labels];
  return (await runPeer('amtool', args, root)).stdout.trim();
}

it('sends the heartbeat to the dead man, and every other alert to people', async () => {
  const names = ['rules.yml', 'watch.yml'].flatMap(name => {
    const { groups } = parse(readFileSync(join(root, 'deploy/prometheus', name), 'utf8')) as RuleFile;
    return groups.flatMap(({ rules }) => rules.flatMap(({ alert }) => alert ?? []));
  });
  expect(names.length).toBeGreaterThan(20);
  const receivers = await Promise.all(
    names.map(async name => [name, await receiverOf([`alertname=${name}`, 'severity=none'])]),
  );
  expect(receivers).toEqual(names.map(name => [name, name === 'Watchdog' ? 'deadman' : 'webhook']));
});

it('is a check that can fail', async () => {
  expect((await runPeer('promtool', ['check', 'rules', 'stack.yaml'], root)).code).not.toBe(0);
  expect((await runPeer('docker-compose', ['-f', 'stack.yaml', 'config'], root)).code).not.toBe(0);
});
