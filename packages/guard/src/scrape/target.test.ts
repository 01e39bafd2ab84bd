import { describe, expect, it } from 'vitest';
import { loadPrometheusConfig } from './index.ts';
import { targetsOf } from './target.ts';

/** What becomes of one address in a job with these options. */
function target(fields: string, address = 'h:1', labels: Record<string, string> = {}) {
  const config = loadPrometheusConfig('f', `scrape_configs: [{ job_name: j, ${fields} }]`).scrapeConfigs[0]!;
  const { targets, dropped, failures } = targetsOf(config, [{ targets: [address], labels }]);
  return { target: targets[0], dropped: dropped.length, reason: failures[0]?.reason };
}

describe('a target', () => {
  it('is discovered with the labels that Prometheus gives it', () => {
    const found = target('params: { a: [x, y] }', 'h:1', { team: 't', empty: '', __scheme__: 'https' })
      .target!;
    expect(found.discoveredLabels.toObject()).toEqual({
      __address__: 'h:1',
      __always_scrape_classic_histograms__: 'false',
      __convert_classic_histograms_to_nhcb__: 'false',
      __metrics_path__: '/metrics',
      __param_a: 'x',
      __scheme__: 'https',
      __scrape_interval__: '1m',
      __scrape_native_histograms__: 'false',
      __scrape_timeout__: '10s',
      job: 'j',
      team: 't',
    });
    expect(found.labels.toObject()).toEqual({ instance: 'h:1', job: 'j', team: 't' });
    expect(found.url).toBe('https://h:1/metrics?a=x&a=y');
  });

  it.each([
    ['metrics_path: /a b?c', 'http://h:1/a%20b%3Fc'],
    ['metrics_path: "a/é%20"', 'http://h:1/a/%C3%A9%2520'],
    ['metrics_path: ""', 'http://h:1'],
    ['params: { b: ["~*\'() &="], a: ["1"] }', 'http://h:1/metrics?a=1&b=~%2A%27%28%29+%26%3D'],
    [
      'relabel_configs: [{ target_label: __param_x, replacement: new }], params: { x: [old, second] }',
      'http://h:1/metrics?x=new&x=second',
    ],
  ])('with %s is asked at %s', (fields, url) => {
    expect(target(fields).target!.url).toBe(url);
  });

  it.each([
    ['relabel_configs: [{ target_label: __address__, replacement: "" }]', 'no address'],
    ['relabel_configs: [{ target_label: __address__, replacement: a/b }]', '"a/b" is not a host and port'],
    [
      'relabel_configs: [{ target_label: __scrape_interval__, replacement: x }]',
      'bad __scrape_interval__ "x"',
    ],
    [
      'relabel_configs: [{ target_label: __scrape_timeout__, replacement: 0s }]',
      'bad __scrape_timeout__ "0s"',
    ],
    [
      'relabel_configs: [{ target_label: __scrape_timeout__, replacement: 2m }]',
      'longer than the scrape interval',
    ],
    [
      'relabel_configs: [{ target_label: __scrape_native_histograms__, replacement: x }]',
      'neither true nor false',
    ],
    [
      'relabel_configs: [{ target_label: __convert_classic_histograms_to_nhcb__, replacement: "1" }]',
      'native histograms are not supported',
    ],
  ])('with %s cannot be made', (fields, reason) => {
    expect(target(fields).reason).toContain(reason);
  });

  it('keeps its own interval, as its label writes it', () => {
    const found = target('relabel_configs: [{ target_label: __scrape_interval__, replacement: 60s }]')
      .target!;
    expect(found).toMatchObject({ interval: 60_000, intervalText: '60s', timeoutText: '10s' });
  });

  it('is dropped by a rule', () => {
    expect(target('relabel_configs: [{ source_labels: [job], regex: j, action: drop }]')).toMatchObject({
      target: undefined,
      dropped: 1,
    });
  });

  it('is told apart by its labels, those of discovery aside', () => {
    const key = (labels: Record<string, string>) => target('', 'h:1', labels).target!.key;
    expect(key({ __meta_a: '1' })).toBe(key({ __meta_a: '2' }));
    expect(key({ __tmp: '1' })).not.toBe(key({ __tmp: '2' }));
  });
});
