import { formatFloat, type Labels, type Milliseconds, UserError } from '../../core/index.ts';
import type { PrometheusClient } from '../prometheus/client.ts';
import { decodeQueryData, type QueryData, type ResultSeries } from '../prometheus/query-result.ts';

/** Asks a server for stored samples, by instant queries of range selectors. Bounds are inclusive. */
export interface SampleQueries {
  /** The series that the selectors of one metric match, without its name, and how many samples each has. */
  counts(selectors: readonly string[], from: Milliseconds, to: Milliseconds): Promise<Map<Labels, number>>;
  samples(selector: string, from: Milliseconds, to: Milliseconds): Promise<readonly ResultSeries[]>;
  /** The samples of one series in several answers, none with more than `most`. @param count how many there are */
  slices(
    selector: string,
    count: number,
    bounds: { readonly from: Milliseconds; readonly to: Milliseconds; readonly most: number },
  ): AsyncIterable<ResultSeries>;
  /** Samples of native histograms that were met, and not given. */
  histograms(): number;
}

export function createSampleQueries(client: PrometheusClient): SampleQueries {
  let histograms = 0;

  async function query(expr: string, at: Milliseconds): Promise<Extract<QueryData, { series: unknown }>> {
    const data = decodeQueryData((await client.ask('query', { query: expr, time: seconds(at) })).data);
    if ('series' in data) return data;
    throw new UserError('prometheus-bad-answer', `the server answered a selector with a ${data.type}`);
  }

  /** The labels come without the metric's name. */
  const countOf = async (selector: string, from: Milliseconds, to: Milliseconds) =>
    (await query(`count_over_time(${rangeOf(selector, from, to)})`, to)).series;

  const queries: SampleQueries = {
    async counts(selectors, from, to) {
      const found = new Map<string, [Labels, number]>();
      for (const selector of selectors) {
        for (const { labels, values } of await countOf(selector, from, to))
          found.set(labels.key, [labels, values[0]!]);
      }
      return new Map(found.values());
    },
    async samples(selector, from, to) {
      const data = await query(rangeOf(selector, from, to), to);
      histograms += data.histograms;
      return data.series;
    },
    async *slices(selector, count, { from, to, most }) {
      if (count === 0) return;
      if (count <= most || from >= to) {
        yield* await queries.samples(selector, from, to);
        return;
      }
      const middle = Math.floor((from + to) / 2);
      const first = (await countOf(selector, from, middle))[0]?.values[0] ?? 0;
      yield* queries.slices(selector, first, { from, to: middle, most });
      yield* queries.slices(selector, count - first, { from: middle + 1, to, most });
    },
    histograms: () => histograms,
  };
  return queries;
}

/** Ranges are open at the left. */
const rangeOf = (selector: string, from: Milliseconds, to: Milliseconds) => `${selector}[${to - from + 1}ms]`;

const seconds = (time: Milliseconds): string => formatFloat(time / 1000);
