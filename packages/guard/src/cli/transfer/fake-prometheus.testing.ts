import { formatFloat, type Labels, METRIC_NAME, type Milliseconds } from '../../core/index.ts';
import { isStaleAt, parseExpr, type Queryable } from '../../promql/index.ts';
import type { PrometheusClient } from '../prometheus/client.ts';

/** A Prometheus in this process, as far as exporting asks it. */
export interface FakePrometheus extends PrometheusClient {
  /** How many samples each query of a range selector gave. */
  readonly answered: number[];
}

const EVER: Milliseconds = 2 ** 50;
const QUERY = /^(count_over_time\()?(\{.*\})\[(\d+)ms\]\)?$/s;

export function fakePrometheus(storage: Queryable, metadata: object = {}): FakePrometheus {
  const answered: number[] = [];

  function select(selector: string) {
    const expr = parseExpr(selector);
    if (expr.type !== 'vector') throw new Error(`${selector} is no selector`);
    const querier = storage.querier(-EVER, EVER);
    const found = querier.select(expr.matchers);
    querier.close();
    return found;
  }

  function answer(expr: string, at: Milliseconds): object {
    const [, counts, selector, range] = QUERY.exec(expr) ?? [];
    if (selector === undefined) throw new Error(`not expected: ${expr}`);
    const series = select(selector).flatMap(({ labels, samples }) => {
      const { timestamps, values, start, end } = samples(at - Number(range) + 1, at);
      const points: [number, string][] = [];
      for (let i = start; i < end; i++)
        if (!isStaleAt(values, i)) points.push([timestamps[i]! / 1000, formatFloat(values[i]!)]);
      return points.length === 0 ? [] : [{ labels, points }];
    });
    if (counts !== undefined) return vector(series, at);
    answered.push(series.reduce((sum, { points }) => sum + points.length, 0));
    const result = series.map(({ labels, points }) => ({ metric: labels.toObject(), values: points }));
    return { resultType: 'matrix', result };
  }

  const wrap = (data: unknown) => ({ text: '', data, warnings: [], infos: [] });
  return {
    answered,
    base: 'http://fake',
    async get(path, parameters = {}) {
      if (path === 'metadata') return wrap(metadata);
      return wrap(
        [...new Set(select(String(parameters['match[]'])).map(({ labels }) => labels.metricName))].filter(
          Boolean,
        ),
      );
    },
    ask: async (_, parameters) =>
      wrap(answer(String(parameters.query), Math.round(Number(parameters.time) * 1000))),
    send: () => Promise.reject(new Error('not expected')),
    close: async () => undefined,
  };
}

const vector = (
  series: ReadonlyArray<{ labels: Labels; points: readonly unknown[] }>,
  at: Milliseconds,
): object => ({
  resultType: 'vector',
  result: series.map(({ labels, points }) => ({
    metric: labels.without([METRIC_NAME]).toObject(),
    value: [at / 1000, String(points.length)],
  })),
});
