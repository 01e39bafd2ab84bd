import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Both, startBoth } from './scrape/both.ts';
import type { Observer } from './scrape/observe.ts';

let both: Both;
let overHttp = '[]';

/** Groups of targets as files and answers list them: paths of the one address that there is. */
const groups = (address: string, ...paths: string[]) =>
  JSON.stringify(paths.map(path => ({ targets: [address], labels: { path, __metrics_path__: `/${path}` } })));

beforeAll(async () => {
  both = await startBoth({
    other: path => (path === '/sd' ? { type: 'application/json', body: overHttp } : { body: 'm 1\n' }),
    config: ({ address }) => `global: { scrape_interval: 1s }
scrape_configs:
  - { job_name: files, file_sd_configs: [{ files: ['more/*.json', 'more/*.yml'], refresh_interval: 1s }] }
  - { job_name: http, http_sd_configs: [{ url: 'http://${address}/sd', refresh_interval: 1s }] }
  - { job_name: asked, params: { token: [shown], b: ['1', '2'] }, static_configs: [{ targets: ['${address}'] }] }
  - { job_name: userinfo, file_sd_configs: [{ files: [userinfo.json] }] }
  - { job_name: same, http_sd_configs: [{ url: 'http://${address}/sd', refresh_interval: 1s }] }
`,
    files: ({ address }) => ({
      'more/a.json': groups(address, 'a', 'b'),
      'userinfo.json': groups(`me:s3cret@${address}`, 'a'),
    }),
  });
}, 180_000);
afterAll(() => both.stop());

interface TargetView {
  readonly scrapePool: string;
  readonly scrapeUrl: string;
  readonly lastError: string;
  readonly health: string;
  readonly discoveredLabels: object;
  readonly labels: object;
}

async function viewsOf(observer: Observer, pool: string): Promise<TargetView[]> {
  const { activeTargets } = await observer.data<{ activeTargets: TargetView[] }>(
    `targets?scrapePool=${pool}`,
  );
  return activeTargets;
}

async function targetsOf(observer: Observer, pool: string): Promise<string[]> {
  return (await viewsOf(observer, pool))
    .map(({ discoveredLabels, labels }) => JSON.stringify([discoveredLabels, labels]))
    .sort();
}

/** Waits until both show as many targets, and compares these. */
async function expectTargets(pool: string, count: number): Promise<void> {
  await expect
    .poll(() => Promise.all([both.ours, both.theirs].map(async one => (await targetsOf(one, pool)).length)), {
      timeout: 60_000,
      interval: 250,
    })
    .toEqual([count, count]);
  expect(await targetsOf(both.ours, pool)).toEqual(await targetsOf(both.theirs, pool));
}

function write(file: string, text: string): void {
  for (const folder of both.folders) writeFileSync(join(folder, 'more', file), text);
}

it('follows files, and keeps what a broken one had', async () => {
  const { address } = both.targets;
  await expectTargets('files', 2);
  write('b.yml', `- { targets: ['${address}'], labels: { path: c, version: 1.10, __metrics_path__: /c } }\n`);
  await expectTargets('files', 3);
  write('a.json', '[{');
  write('c.json', groups(address, 'd'));
  await expectTargets('files', 4);
  write('a.json', groups(address, 'b'));
  await expectTargets('files', 3);
  for (const folder of both.folders) rmSync(join(folder, 'more', 'b.yml'));
  await expectTargets('files', 2);
});

it('shows the parameters of a job, as Prometheus does', async () => {
  await expectTargets('asked', 1);
  const [ours, theirs] = await Promise.all([both.ours, both.theirs].map(one => viewsOf(one, 'asked')));
  expect(ours![0]!.scrapeUrl).toMatch(/\/metrics\?b=1&b=2&token=shown$/);
  expect(theirs![0]!.scrapeUrl).toBe(ours![0]!.scrapeUrl);
});

it('has no targets with credentials in their addresses, which Prometheus shows and never reaches', async () => {
  await expect
    .poll(async () => (await viewsOf(both.theirs, 'userinfo')).map(({ health }) => health), {
      timeout: 60_000,
      interval: 250,
    })
    .toEqual(['down']);
  const [theirs] = await viewsOf(both.theirs, 'userinfo');
  expect(theirs!.lastError).toMatch(/invalid port.*s3cret/);
  expect(await viewsOf(both.ours, 'userinfo')).toEqual([]);
});

it('lets the series of targets that are gone go stale', async () => {
  // A vector of one scrape's age and more would still show them.
  await expect
    .poll(
      () =>
        Promise.all(
          [both.ours, both.theirs].map(async observer => {
            const { result } = await observer.data<{ result: unknown[] }>('query?query=m{job="files"}');
            return result.length;
          }),
        ),
      { timeout: 60_000, interval: 250 },
    )
    .toEqual([2, 2]);
});

it('follows answers over HTTP, and keeps what was there when one is none', async () => {
  const { address } = both.targets;
  await expectTargets('http', 0);
  overHttp = groups(address, 'a', 'b');
  await expectTargets('http', 2);
  await expectTargets('same', 2);
  overHttp = '{';
  await new Promise(resolve => setTimeout(resolve, 8000));
  await expectTargets('http', 2);
  overHttp = groups(address, 'c');
  await expectTargets('http', 1);
});
