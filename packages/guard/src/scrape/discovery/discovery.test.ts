import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createSystemClock, silentLogger } from '../../core/index.ts';
import { loadPrometheusConfig } from '../index.ts';
import { createDiscoveries } from './discoveries.ts';
import { createDiscoveryMetrics } from './discovery-metrics.ts';
import { readYamlGroups } from './read-groups.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'slo-guard-discovery-'));
  closing.push(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Discovers for jobs of a file in `folder`; gives the targets of each as lines `address {labels}`. */
function discover(folder: string, jobs: string) {
  const registry = new Registry();
  const { scrapeConfigs } = loadPrometheusConfig(join(folder, 'prometheus.yml'), `scrape_configs: [${jobs}]`);
  const changed: string[] = [];
  const discoveries = createDiscoveries({
    name: 'scrape',
    clock: createSystemClock(),
    logger: silentLogger,
    metrics: createDiscoveryMetrics(registry),
    onChange: names => changed.push(...names),
  });
  closing.unshift(() => discoveries.stop());
  discoveries.apply(scrapeConfigs);
  const targets = (job = 0) =>
    discoveries
      .groups(scrapeConfigs[job]!)
      .flatMap(({ targets, labels }) => targets.map(address => `${address} ${JSON.stringify(labels)}`));
  const metric = async (name: string) =>
    (await registry.getSingleMetric(name)!.get()).values.map(({ value, labels }) => [value, labels]);
  return { targets, metric, changed, discoveries, scrapeConfigs };
}

const eventually = (check: () => unknown) => vi.waitFor(check, { timeout: 10_000, interval: 20 });

describe('a file of targets', () => {
  it.each(['- targets: [http://me:s3cret@h/, {}]', "- targets: ['me:s3cret@h:1'\n"])(
    'tells nothing of credentials when it cannot be read: %j',
    text => {
      expect(() => readYamlGroups('f.yml', text)).toThrow('f.yml:');
      expect(() => readYamlGroups('f.yml', text)).not.toThrow('s3cret');
    },
  );
});

describe('file_sd_configs', () => {
  const job = (files: string, more = '') =>
    `{ job_name: a, file_sd_configs: [{ files: [${files}] ${more} }] }`;

  it('reads JSON and YAML, says where from, and follows changes', async () => {
    const folder = temporaryFolder();
    const json = join(folder, 'one.json');
    const yml = join(folder, 'two.yml');
    writeFileSync(json, '[{ "targets": ["h:1", "h:2"], "labels": { "a": "b" } }]');
    writeFileSync(yml, '- targets: [h:3]\n  labels: { v: 1.10 }\n- targets: []\n');
    const { targets, changed } = discover(folder, job('"*.json", two.yml'));
    await eventually(() =>
      expect(targets()).toEqual([
        `h:1 ${JSON.stringify({ a: 'b', __meta_filepath: json })}`,
        `h:2 ${JSON.stringify({ a: 'b', __meta_filepath: json })}`,
        `h:3 ${JSON.stringify({ v: '1.10', __meta_filepath: yml })}`,
      ]),
    );
    expect(new Set(changed)).toEqual(new Set(['a']));
    writeFileSync(join(folder, 'three.json'), '[{ "targets": ["h:4"] }]');
    await eventually(() => expect(targets()).toHaveLength(4));
    rmSync(json);
    await eventually(() => expect(targets().map(line => line.split(' ')[0])).toEqual(['h:4', 'h:3']));
  });

  it.each([
    ['broken JSON', '[{'],
    ['an unknown field', '[{ "targets": ["x"], "nope": 1 }]'],
    ['a label that is a number', '[{ "targets": ["x"], "labels": { "a": 1 } }]'],
    ['null for a group', '[null]'],
    ['an empty file', ''],
  ])('keeps the targets of a file with %s, and counts it', async (_, text) => {
    const folder = temporaryFolder();
    const file = join(folder, 'a.json');
    writeFileSync(file, '[{ "targets": ["h:1"] }]');
    const { targets, metric } = discover(folder, job('a.json'));
    await eventually(() => expect(targets()).toHaveLength(1));
    writeFileSync(join(folder, 'new'), text);
    renameSync(join(folder, 'new'), file);
    await eventually(async () =>
      expect((await metric('prometheus_sd_file_read_errors_total'))[0]![0]).toBeGreaterThan(0),
    );
    expect(targets()).toEqual([`h:1 ${JSON.stringify({ __meta_filepath: file })}`]);
    writeFileSync(file, '[]');
    await eventually(() => expect(targets()).toEqual([]));
  });

  it('sees a folder that comes later, at the refresh interval', async () => {
    const folder = temporaryFolder();
    const { targets, metric } = discover(folder, job('later/a.yml', ', refresh_interval: 100ms'));
    await eventually(async () =>
      expect((await metric('prometheus_sd_file_watcher_errors_total'))[0]![0]).toBeGreaterThan(0),
    );
    mkdirSync(join(folder, 'later'));
    writeFileSync(join(folder, 'later/a.yml'), '- targets: [h:1]');
    await eventually(() => expect(targets()).toHaveLength(1));
  });
});

describe('http_sd_configs', () => {
  interface Answer {
    status?: number;
    type?: string;
    body?: string;
  }

  async function serve(answer: () => Answer) {
    const seen: IncomingHttpHeaders[] = [];
    const server: Server = createServer((request, response) => {
      seen.push(request.headers);
      const { status = 200, type = 'application/json', body = '[]' } = answer();
      response.writeHead(status, { 'content-type': type }).end(body);
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => new Promise(resolve => server.close(resolve)));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/sd`, seen };
  }
  const job = (name: string, url: string, more = '') =>
    `{ job_name: ${name}, http_sd_configs: [{ url: "${url}", refresh_interval: 100ms ${more} }] }`;

  it('asks with the options of its client, and says where from', async () => {
    const answer = { type: 'application/json; charset="utf-8"', body: '[{ "targets": ["h:1"] }]' };
    const { url, seen } = await serve(() => answer);
    const withPassword = url.replace('//', '//me:hidden@');
    const { targets } = discover('/', job('a', withPassword, ', bearer_token: secret'));
    await eventually(() => expect(targets()).toEqual([`h:1 ${JSON.stringify({ __meta_url: url })}`]));
    expect(seen[0]).toMatchObject({
      accept: 'application/json',
      authorization: 'Bearer secret',
      'x-prometheus-refresh-interval-seconds': '0.1',
    });
  });

  it.each<[string, Answer]>([
    ['a status', { status: 500 }],
    ['another type', { type: 'text/plain' }],
    ['broken JSON', { body: '[' }],
    ['null for a group', { body: '[null]' }],
  ])('keeps the targets when %s comes, and counts it', async (_, bad) => {
    let answer: Answer = { body: '[{ "targets": ["h:1"] }]' };
    const { url } = await serve(() => answer);
    const { targets, metric } = discover('/', job('a', url));
    await eventually(() => expect(targets()).toHaveLength(1));
    answer = bad;
    await eventually(async () =>
      expect((await metric('prometheus_sd_http_failures_total'))[0]![0]).toBeGreaterThan(0),
    );
    expect(await metric('prometheus_sd_refresh_failures_total')).toMatchObject([
      [expect.any(Number), { mechanism: 'http', config: 'a' }],
    ]);
    expect(targets()).toHaveLength(1);
    answer = { body: '[]' };
    await eventually(() => expect(targets()).toEqual([]));
  });

  it('asks once for jobs with the same source, and no longer for those that are gone', async () => {
    const { url, seen } = await serve(() => ({ body: '[{ "targets": ["h:1"] }]' }));
    const { targets, changed, discoveries, scrapeConfigs } = discover(
      '/',
      `${job('a', url)}, ${job('b', url)}`,
    );
    await eventually(() => expect([...targets(0), ...targets(1)]).toHaveLength(2));
    expect(changed.slice(0, 2)).toEqual(['a', 'b']);
    discoveries.apply(scrapeConfigs.slice(0, 1));
    expect(targets(0)).toHaveLength(1);
    discoveries.apply([]);
    await discoveries.stop();
    const { length } = seen;
    await new Promise(resolve => setTimeout(resolve, 250));
    expect(seen).toHaveLength(length);
  });
});
