import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runPeer } from './programs.ts';

const root = join(import.meta.dirname, '../..');
const files = ['-f', 'docker-compose.yml', '-f', 'docker-compose.prometheus.override.yml'];

interface ComposeService {
  readonly ports?: readonly { readonly host_ip?: string }[];
  readonly read_only?: boolean;
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
  ['amtool', ['check-config', 'deploy/alertmanager/alertmanager.yml']],
  ['actionlint', ['.github/workflows/ci.yml']],
])('the real %s finds nothing wrong: %j', async (program, args) => {
  const { code, stdout, stderr } = await runPeer(program, args, root);
  expect(code, `${stdout}${stderr}`).toBe(0);
});

it('is a check that can fail', async () => {
  expect((await runPeer('promtool', ['check', 'rules', 'stack.yaml'], root)).code).not.toBe(0);
  expect((await runPeer('docker-compose', ['-f', 'stack.yaml', 'config'], root)).code).not.toBe(0);
});
