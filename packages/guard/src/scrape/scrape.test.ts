import { describe, expect, it, vi } from 'vitest';
import { milliseconds } from '../core/index.ts';
import { type Answer, START, setup, TARGET } from './scrape.testing.ts';

describe('scraping', () => {
  it('writes the samples and the report series in one round at once and at every interval', async () => {
    let n = 0;
    const { clock, manager, takeAll } = setup(() => `m{a="1"} ${++n}\nq 5\n`);
    manager.start();
    await clock.advance(milliseconds(0));
    expect(takeAll()).toEqual([
      `m{a="1", ${TARGET}} 1 @0`,
      `q{${TARGET}} 5 @0`,
      `up{${TARGET}} 1 @0`,
      `scrape_duration_seconds{${TARGET}} 0 @0`,
      `scrape_samples_scraped{${TARGET}} 2 @0`,
      `scrape_samples_post_metric_relabeling{${TARGET}} 2 @0`,
      `scrape_series_added{${TARGET}} 2 @0`,
    ]);
    await clock.advance(milliseconds(10_000));
    const second = takeAll();
    expect(second).toContain(`m{a="1", ${TARGET}} 2 @10`);
    expect(second).toContain(`scrape_series_added{${TARGET}} 0 @10`);
    expect(manager.targets()).toMatchObject([
      {
        scrapePool: 'j',
        scrapeUrl: 'http://h:1/metrics',
        health: 'up',
        lastError: '',
        lastScrape: START + 10_000,
        scrapeInterval: '10s',
        scrapeTimeout: '10s',
      },
    ]);
    await manager.stop();
    expect(takeAll()).toEqual([]);
  });

  it('marks a vanished series stale, once', async () => {
    let body = 'a 1\nb 2\n';
    const { clock, manager, take } = setup(() => body);
    manager.start();
    await clock.advance(milliseconds(0));
    take();
    body = 'a 1\n';
    await clock.advance(milliseconds(10_000));
    expect(take()).toEqual([`a{${TARGET}} 1 @10`, `b{${TARGET}} stale @10`, `up{${TARGET}} 1 @10`]);
    await clock.advance(milliseconds(10_000));
    expect(take()).toEqual([`a{${TARGET}} 1 @20`, `up{${TARGET}} 1 @20`]);
  });

  it('marks all stale when the target fails', async () => {
    let answer: Answer = 'a 1\n';
    const { clock, manager, take } = setup(() => answer);
    manager.start();
    await clock.advance(milliseconds(0));
    take();
    answer = new Error('connection refused');
    await clock.advance(milliseconds(10_000));
    expect(take()).toEqual([`a{${TARGET}} stale @10`, `up{${TARGET}} 0 @10`]);
    expect(manager.targets()[0]).toMatchObject({ health: 'down', lastError: 'connection refused' });
  });

  it('leaves what was read before a parse error without a marker, and stores none of it', async () => {
    let body = 'a 1\nb 2\n';
    const { clock, manager, take } = setup(() => body);
    manager.start();
    await clock.advance(milliseconds(0));
    take();
    body = 'a 7\n!\nb 2\n';
    await clock.advance(milliseconds(10_000));
    expect(take()).toEqual([`b{${TARGET}} stale @10`, `up{${TARGET}} 0 @10`]);
    body = 'b 3\n';
    await clock.advance(milliseconds(10_000));
    expect(take()).toEqual([`b{${TARGET}} 3 @20`, `a{${TARGET}} stale @20`, `up{${TARGET}} 1 @20`]);
  });

  it('refuses a scrape above the sample limit whole', async () => {
    let body = 'a 1\nb 2\n';
    const { clock, manager, takeAll } = setup(() => body, '    sample_limit: 2');
    manager.start();
    await clock.advance(milliseconds(0));
    takeAll();
    body = 'a 1\nb 2\nc 3\n';
    await clock.advance(milliseconds(10_000));
    const lines = takeAll();
    expect(lines[0]).toBe(`up{${TARGET}} 0 @10`);
    expect(lines).toContain(`scrape_samples_scraped{${TARGET}} 3 @10`);
    expect(manager.targets()[0]!.lastError).toContain('sample_limit exceeded');
  });

  it('renames what clashes with the target, repeatedly where needed', async () => {
    const body = 'm{job="x",exported_job="y",instance=""} 1\n';
    const { clock, manager, take } = setup(() => body);
    manager.start();
    await clock.advance(milliseconds(0));
    expect(take()[0]).toBe(`m{exported_exported_job="x", exported_job="y", ${TARGET}} 1 @0`);
  });

  it('keeps the exposed labels with honor_labels', async () => {
    const { clock, manager, take } = setup(() => 'm{job="x"} 1\n', '    honor_labels: true');
    manager.start();
    await clock.advance(milliseconds(0));
    expect(take()[0]).toBe('m{instance="h:1", job="x"} 1 @0');
  });

  it('leaves away with honor_labels what is exposed empty', async () => {
    const body = 'm{instance=""} 1\n';
    const { clock, manager, take } = setup(() => body, '    honor_labels: true');
    manager.start();
    await clock.advance(milliseconds(0));
    expect(take()[0]).toBe('m{job="j"} 1 @0');
  });

  it('rests between slices of a large body', async () => {
    const body = Array.from({ length: 2000 }, (_, i) => `m{i="${i}"} 1\n`).join('');
    const { clock, manager, take } = setup(() => body, '', { busy: true });
    const rests = vi.spyOn(clock, 'sleep');
    manager.start();
    await clock.advance(milliseconds(0));
    expect(take()).toHaveLength(2001);
    expect(rests.mock.calls.length).toBeGreaterThan(5);
  });

  it('counts a duplicate series once in the store and twice in the report', async () => {
    const { clock, manager, takeAll } = setup(() => 'm 1\nm 2\n');
    manager.start();
    await clock.advance(milliseconds(0));
    const lines = takeAll();
    expect(lines.filter(line => line.startsWith('m{'))).toEqual([`m{${TARGET}} 1 @0`]);
    expect(lines).toContain(`up{${TARGET}} 1 @0`);
    expect(lines).toContain(`scrape_samples_post_metric_relabeling{${TARGET}} 2 @0`);
  });

  it('appends exemplars, and takes timestamps of the exposition without staleness', async () => {
    const contentType = 'application/openmetrics-text; version=1.0.0';
    let body = `m_total 1 # {t="x"} 0.5\nold 1 ${START / 1000 - 1}\n# EOF\n`;
    const { clock, manager, take } = setup(() => ({ body, contentType }));
    manager.start();
    await clock.advance(milliseconds(0));
    expect(take()).toEqual([
      `m_total{${TARGET}} 1 @0`,
      `m_total{${TARGET}} # {t="x"} 0.5 @0`,
      `old{${TARGET}} 1 @-1`,
      `up{${TARGET}} 1 @0`,
    ]);
    body = '# EOF\n';
    await clock.advance(milliseconds(10_000));
    expect(take()).toEqual([`m_total{${TARGET}} stale @10`, `up{${TARGET}} 1 @10`]);
  });

  it('fails on a content type that is no exposition', async () => {
    const { clock, manager } = setup(() => ({ body: '<html>', contentType: 'text/html' }));
    manager.start();
    await clock.advance(milliseconds(0));
    expect(manager.targets()[0]!.lastError).toContain('text/html');
  });

  it('gives up at the timeout', async () => {
    const { clock, manager, take } = setup(() => new Promise<Answer>(() => {}), '    scrape_timeout: 2s');
    manager.start();
    await clock.advance(milliseconds(3000));
    expect(manager.targets()[0]).toMatchObject({ health: 'down', lastDuration: 2000 });
    expect(manager.targets()[0]!.lastError).toContain('scrape timeout of 2 s');
    expect(take()).toEqual([`up{${TARGET}} 0 @0`]);
  });

  it('relabels targets and samples', async () => {
    const extra = `
    relabel_configs: [{ target_label: zone, replacement: z1 }, { target_label: __param_x, replacement: y }]
    metric_relabel_configs: [{ source_labels: [__name__], regex: secret, action: drop }]`;
    const { clock, manager, take } = setup(() => 'm 1\nsecret 2\n', extra);
    manager.start();
    await clock.advance(milliseconds(0));
    expect(take()).toEqual([`m{${TARGET}, zone="z1"} 1 @0`, `up{${TARGET}, zone="z1"} 1 @0`]);
    expect(manager.targets()[0]!.scrapeUrl).toBe('http://h:1/metrics?x=y');
  });

  it('makes a removed target stale and leaves the others alone', async () => {
    const { clock, manager, take, configOf } = setup(() => 'm 1\n');
    manager.start();
    await clock.advance(milliseconds(0));
    take();
    manager.reload(configOf('h:2'));
    await clock.advance(milliseconds(0));
    expect(take()).toContain('m{instance="h:2", job="j"} 1 @0');
    await clock.advance(milliseconds(22_000));
    expect(take()).toContain(`m{${TARGET}} stale @10`);
    expect(manager.targets().map(target => target.scrapeUrl)).toEqual(['http://h:2/metrics']);
  });
});
