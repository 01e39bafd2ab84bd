import { describe, expect, it } from 'vitest';
import { milliseconds, UserError } from '../core/index.ts';
import { type Answer, setup, TARGET } from './scrape.testing.ts';

const NOW = milliseconds(0);
const INTERVAL = milliseconds(10_000);

describe('limits', () => {
  it.each([
    ['label_limit: 3', 'm{a="1",b="2"} 1\n', 'label_limit exceeded: m has 5 labels, 3 are allowed'],
    [
      'label_name_length_limit: 8',
      'm{longer_name="1"} 1\n',
      'label_name_length_limit exceeded: label longer_name',
    ],
    ['label_value_length_limit: 3', 'm{a="four"} 1\n', 'label_value_length_limit exceeded'],
    ['sample_limit: 1', 'm 1\nn 2\n', 'sample_limit exceeded: 2 samples, 1 are allowed'],
    ['metric_name_validation_scheme: legacy', '{"a.b"} 1\n', 'bad metric name'],
    ['metric_name_validation_scheme: legacy', 'm{"a.b"="1"} 1\n', 'bad label name "a.b"'],
    ['', 'm{""="1"} 1\n', 'bad label name ""'],
  ])('%j refuses %j', async (option, body, message) => {
    const { clock, manager, take } = setup(() => body, option && `    ${option}`);
    manager.start();
    await clock.advance(NOW);
    expect(manager.targets()[0]).toMatchObject({
      health: 'down',
      lastError: expect.stringContaining(message),
    });
    expect(take()).toEqual([`up{${TARGET}} 0 @0`]);
  });

  it('fail every scrape of a job with too many targets, without a request', async () => {
    let targets = 'h:1';
    const { clock, manager, configOf, requests, take, metric } = setup(() => 'm 1\n', '    target_limit: 1');
    manager.start();
    await clock.advance(NOW);
    expect(take()).toContain(`up{${TARGET}} 1 @0`);
    targets = 'h:1, h:2';
    manager.reload(configOf(targets));
    await clock.advance(INTERVAL);
    expect(requests).toHaveLength(1);
    expect(take()).toContain(`m{${TARGET}} stale @10`);
    expect(manager.targets().map(({ health, lastError }) => `${health} ${lastError}`)).toEqual([
      'down target_limit exceeded: 2 targets, 1 are allowed [target-limit]',
      'down target_limit exceeded: 2 targets, 1 are allowed [target-limit]',
    ]);
    expect(await metric('prometheus_target_scrape_pool_exceeded_target_limit_total')).toBe(1);
    manager.reload(configOf('h:1'));
    await clock.advance(INTERVAL);
    expect(take()).toContain(`up{${TARGET}} 1 @20`);
  });

  it('keep as many dropped targets as the job says, and count all', async () => {
    const extra =
      '    keep_dropped_targets: 1\n    relabel_configs: [{ source_labels: [__address__], regex: h.*, action: drop }]';
    const { manager, configOf } = setup(() => 'm 1\n', extra);
    manager.start();
    manager.reload(configOf('h:1, h:2, g:1'));
    expect(manager.droppedTargets()).toHaveLength(1);
    expect(manager.droppedTargets()[0]!.discoveredLabels.get('__address__')).toBe('h:1');
    expect([...manager.droppedCounts()]).toEqual([['j', 2]]);
    expect(manager.targets().map(({ scrapeUrl }) => scrapeUrl)).toEqual(['http://g:1/metrics']);
  });
});

describe('extra report series', () => {
  const extraOf = (lines: string[]) => lines.filter(line => /^scrape_(timeout|sample_limit|body)/.test(line));

  it('tell the timeout, the limit and the size of the body', async () => {
    let answer: Answer = 'm 1\n';
    const { clock, manager, takeAll } = setup(() => answer, '    sample_limit: 7', {
      global: '{ scrape_interval: 10s, extra_scrape_metrics: true }',
    });
    manager.start();
    await clock.advance(NOW);
    expect(extraOf(takeAll())).toEqual([
      `scrape_timeout_seconds{${TARGET}} 10 @0`,
      `scrape_sample_limit{${TARGET}} 7 @0`,
      `scrape_body_size_bytes{${TARGET}} 4 @0`,
    ]);
    answer = new UserError('body-size-limit', 'too large');
    await clock.advance(INTERVAL);
    expect(extraOf(takeAll())[2]).toBe(`scrape_body_size_bytes{${TARGET}} -1 @10`);
    answer = new Error('down');
    await clock.advance(INTERVAL);
    expect(extraOf(takeAll())[2]).toBe(`scrape_body_size_bytes{${TARGET}} 0 @20`);
  });

  it('go stale with the target', async () => {
    const { clock, manager, configOf, takeAll } = setup(() => 'm 1\n', '    extra_scrape_metrics: true');
    manager.start();
    await clock.advance(NOW);
    manager.reload(configOf(''));
    await clock.advance(milliseconds(30_000));
    expect(extraOf(takeAll()).slice(-1)).toEqual([`scrape_body_size_bytes{${TARGET}} stale @10`]);
  });
});
