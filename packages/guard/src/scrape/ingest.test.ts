import { describe, expect, it } from 'vitest';
import { milliseconds } from '../core/index.ts';
import { START, setup, TARGET } from './scrape.testing.ts';

const NOW = milliseconds(0);
const INTERVAL = milliseconds(10_000);
const contentType = 'application/openmetrics-text; version=1.0.0';

describe('timestamps of the exposition', () => {
  const seconds = (offset: number) => START / 1000 + offset;

  it('lead to staleness where the job tracks it', async () => {
    let body = `m 1 ${START - 1000}\n`;
    const { clock, manager, take } = setup(() => body, '    track_timestamps_staleness: true');
    manager.start();
    await clock.advance(NOW);
    body = '\n';
    await clock.advance(INTERVAL);
    expect(take()).toContain(`m{${TARGET}} stale @10`);
  });

  it('are passed over where the job does not honour them', async () => {
    const { clock, manager, take } = setup(() => `m 1 ${START - 1000}\n`, '    honor_timestamps: false');
    manager.start();
    await clock.advance(NOW);
    expect(take()[0]).toBe(`m{${TARGET}} 1 @0`);
  });

  it.each([
    ['more than 10 minutes ahead', 601],
    ['more than an hour behind', -3601],
  ])('%s drop the sample alone', async (_, offset) => {
    const body = `m 1 ${seconds(offset)}\nn 2\n# EOF\n`;
    const { clock, manager, take, metric } = setup(() => ({ body, contentType }));
    manager.start();
    await clock.advance(NOW);
    expect(take()).toEqual([`n{${TARGET}} 2 @0`, `up{${TARGET}} 1 @0`]);
    expect(await metric('prometheus_target_scrapes_sample_out_of_bounds_total')).toBe(1);
  });
});

describe('start timestamps', () => {
  const counter = (total: number, created: number) => ({
    body: `# TYPE a counter\na_total ${total}\na_created ${START / 1000 + created}\n# EOF\n`,
    contentType,
  });

  it('give the zero before the first sample, and after a reset', async () => {
    let answer = counter(5, -30);
    const { clock, manager, take } = setup(() => answer, '', { startTimestamps: true });
    manager.start();
    await clock.advance(NOW);
    expect(take()).toEqual([`a_total{${TARGET}} 0 @-30`, `a_total{${TARGET}} 5 @0`, `up{${TARGET}} 1 @0`]);
    answer = counter(6, -30);
    await clock.advance(INTERVAL);
    expect(take()[0]).toBe(`a_total{${TARGET}} 6 @10`);
    answer = counter(1, 15);
    await clock.advance(INTERVAL);
    expect(take().slice(0, 2)).toEqual([`a_total{${TARGET}} 0 @15`, `a_total{${TARGET}} 1 @20`]);
  });

  it.each([
    ['later than the sample', 1],
    ['at the sample', 0],
    ['more than an hour behind', -3601],
  ])('%s are not used', async (_, created) => {
    const { clock, manager, take } = setup(() => counter(5, created), '', { startTimestamps: true });
    manager.start();
    await clock.advance(NOW);
    expect(take()).toEqual([`a_total{${TARGET}} 5 @0`, `up{${TARGET}} 1 @0`]);
  });

  it('are series unless they are asked for', async () => {
    const { clock, manager, take } = setup(() => counter(5, -30));
    manager.start();
    await clock.advance(NOW);
    expect(take()).toEqual([`a_total{${TARGET}} 5 @0`, `a_created{${TARGET}} 970 @0`, `up{${TARGET}} 1 @0`]);
  });
});

it('counts a series that is written in two ways as two, and stores the first', async () => {
  const { clock, manager, takeAll, metric } = setup(() => 'm 1\nm{} 5\n');
  manager.start();
  await clock.advance(NOW);
  const lines = takeAll();
  expect(lines.filter(line => line.startsWith('m{'))).toEqual([`m{${TARGET}} 1 @0`]);
  expect(lines).toContain(`scrape_series_added{${TARGET}} 2 @0`);
  await clock.advance(INTERVAL);
  expect(takeAll()).toContain(`scrape_series_added{${TARGET}} 0 @10`);
  expect(await metric('prometheus_target_scrapes_sample_duplicate_timestamp_total')).toBe(0);
});

it('reads an answer without a content type as the fallback says', async () => {
  const { clock, manager, take } = setup(
    () => ({ body: 'm 1\n' }),
    '    fallback_scrape_protocol: PrometheusText0.0.4',
  );
  manager.start();
  await clock.advance(NOW);
  expect(take()[0]).toBe(`m{${TARGET}} 1 @0`);
});

describe('metadata', () => {
  const body = '# TYPE m counter\n# HELP m helpful\nm 1\n';

  it('is told by family, with its size as Prometheus counts it', async () => {
    const { clock, manager, metric } = setup(() => body);
    manager.start();
    await clock.advance(NOW);
    expect([...manager.targets()[0]!.metadata]).toMatchObject([
      ['m', { type: 'counter', help: 'helpful', unit: '' }],
    ]);
    const job = { scrape_job: 'j' };
    expect(await metric('prometheus_target_metadata_cache_entries', job)).toBe(1);
    expect(await metric('prometheus_target_metadata_cache_bytes', job)).toBe(
      'counter'.length + 'helpful'.length,
    );
  });

  it('is kept for ten scrapes after its family is gone', async () => {
    let answer = body;
    const { clock, manager } = setup(() => answer);
    manager.start();
    await clock.advance(NOW);
    answer = 'n 1\n';
    await clock.advance(milliseconds(10 * INTERVAL));
    expect(manager.targets()[0]!.metadata.size).toBe(1);
    await clock.advance(INTERVAL);
    expect(manager.targets()[0]!.metadata.size).toBe(0);
  });
});

it('asks as the job says', async () => {
  const extra =
    '    scrape_timeout: 2500ms\n    enable_compression: no\n    body_size_limit: 1KB\n    scrape_protocols: [PrometheusText0.0.4]';
  const { clock, manager, requests } = setup(() => 'm 1\n', extra);
  manager.start();
  await clock.advance(NOW);
  expect(requests[0]).toMatchObject({
    url: 'http://h:1/metrics',
    bodySizeLimitBytes: 1024,
    headers: {
      accept: 'text/plain;version=0.0.4;q=0.7,*/*;q=0.6',
      'accept-encoding': 'identity',
      'x-prometheus-scrape-timeout-seconds': '2.5',
    },
  });
});
