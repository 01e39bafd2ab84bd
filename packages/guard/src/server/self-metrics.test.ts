import { Counter, Gauge, Histogram, Registry, Summary } from 'prom-client';
import { expect, it } from 'vitest';
import { createParams } from './request-params.ts';
import { selfMetricsData } from './self-metrics.ts';

const registry = new Registry();
const registers = [registry];
new Counter({ name: 'c_total', help: 'Counts.', labelNames: ['a'], registers }).inc({ a: 'x' }, 2);
new Gauge({ name: 'g', help: 'Goes.', registers }).set(1.5);
const histogram = new Histogram({ name: 'h', help: 'Spreads.', buckets: [1, 2], registers });
for (const value of [0.5, 1.5, 5]) histogram.observe(value);
new Summary({ name: 's', help: 'Sums.', percentiles: [0.5], registers }).observe(3);

const view = (pattern: string) =>
  selfMetricsData(registry, createParams(`metric_name_pattern=${encodeURIComponent(pattern)}`));

it('writes each kind as JSON of its protobuf message', async () => {
  expect(await view('')).toEqual([
    {
      name: 'c_total',
      help: 'Counts.',
      type: 'COUNTER',
      metric: [{ label: [{ name: 'a', value: 'x' }], counter: { value: 2 } }],
    },
    { name: 'g', help: 'Goes.', type: 'GAUGE', metric: [{ gauge: { value: 1.5 } }] },
    {
      name: 'h',
      help: 'Spreads.',
      type: 'HISTOGRAM',
      metric: [
        {
          histogram: {
            sampleCount: '3',
            sampleSum: 7,
            bucket: [
              { cumulativeCount: '1', upperBound: 1 },
              { cumulativeCount: '2', upperBound: 2 },
            ],
          },
        },
      ],
    },
    {
      name: 's',
      help: 'Sums.',
      type: 'SUMMARY',
      metric: [{ summary: { sampleCount: '1', sampleSum: 3, quantile: [{ quantile: 0.5, value: 3 }] } }],
    },
  ]);
});

it('gives those whose whole name meets the pattern', async () => {
  expect((await view('[gh]')).map(({ name }) => name)).toEqual(['g', 'h']);
  await expect(view('(')).rejects.toThrow(
    /^invalid metric_name_pattern: error parsing regexp: missing closing \)/,
  );
  await expect(view('a'.repeat(1001))).rejects.toThrow(/the limit is 1000/);
});
