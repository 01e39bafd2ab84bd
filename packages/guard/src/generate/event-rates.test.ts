import { describe, expect, test } from 'vitest';
import { formatDuration } from '../core/index.ts';
import { parseExpr } from '../promql/index.ts';
import type { Sli, WindowedQuery } from '../slo/index.ts';
import { errorRate, totalRate } from './event-rates.ts';

const query = (text: string): WindowedQuery => ({
  text,
  over: window => text.replaceAll('$w', formatDuration(window)),
});

const INDICATORS: readonly Sli[] = [
  { kind: 'ratio', counts: 'bad', events: 'r{s="5xx"} # errors', total: 'r # all' },
  { kind: 'ratio', counts: 'good', events: 'r{s="2xx"}', total: 'r' },
  { kind: 'latency', bucket: 'd_bucket{le="0.25"}', le: '0.25', total: 'd_count' },
  { kind: 'native-latency', histogram: 'd', threshold: 0.25 },
  {
    kind: 'queries',
    counts: 'bad',
    events: query('rate(r{s="5xx"}[$w]) # errors'),
    total: query('rate(r[$w])'),
  },
  { kind: 'raw', counts: 'bad', ratio: query('sum(rate(e[$w])) / sum(rate(r[$w]))') },
  { kind: 'raw', counts: 'good', ratio: query('avg_over_time(up[$w])') },
  { kind: 'gauge', gauge: 'up', op: '==', value: 1 },
];

const reading = { window: 300_000, step: 30_000 };

describe.each(INDICATORS)('an indicator of kind $kind', sli => {
  test.each([{ grouping: [] }, { grouping: ['route', 'zone'] }])('by $grouping is PromQL', ({ grouping }) => {
    const total = totalRate({ sli, grouping }, reading);
    for (const expr of [total, errorRate({ sli, grouping }, reading, total)]) {
      expect(parseExpr(expr).type).toBeDefined();
      if (grouping.length > 0) expect(expr).toContain('by (route, zone)');
    }
  });
});
