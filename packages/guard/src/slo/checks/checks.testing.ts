/** Live series for tests: a store, asked by the real engine. */
import type { Milliseconds } from '../../core/index.ts';
import {
  type Appendable,
  createEngine,
  parseExpr,
  parseMetricSelector,
  parseSeries,
  type Queryable,
} from '../../promql/index.ts';
import type { LiveMetrics } from './live.ts';

const SCRAPE: Milliseconds = 15_000;

/**
 * @param storage empty; `createMemoryStorage()` of promql/testing.ts
 * @param lines as promtool's tests write series: `requests_total{status="ok"} 0+15x240`
 * @param interval between their samples; the last one is now
 */
export function liveOf(
  storage: Appendable & Queryable,
  lines: readonly string[],
  interval: Milliseconds = SCRAPE,
): LiveMetrics {
  let now = 0;
  for (const { labels, values } of lines.map(parseSeries)) {
    const appender = storage.appender();
    values.forEach((value, i) => {
      if (typeof value === 'number') appender.append(labels, i * interval, value);
    });
    appender.commit();
    now = Math.max(now, (values.length - 1) * interval);
  }
  const engine = createEngine({ lookbackDelta: 300_000, maxSamples: 1_000_000 });
  const number = async (expr: string) => {
    const result = engine.instant(storage, parseExpr(expr), now);
    if (result.type !== 'vector') throw new Error(`not a vector: ${expr}`);
    const value = result.samples[0]?.value;
    return value === undefined || Number.isNaN(value) ? undefined : value;
  };
  return {
    number,
    count: async selector => (await number(`count(${selector})`)) ?? 0,
    labelValues: async (label, selector) => {
      const found = storage.querier(0, now).select(parseMetricSelector(selector));
      return [...new Set(found.map(({ labels }) => labels.get(label)))].filter(Boolean).sort();
    },
  };
}
