import {
  compareLabels,
  formatFloat,
  type Labels,
  METRIC_NAME,
  type Milliseconds,
  UserError,
} from '../../core/index.ts';
import type { FamilyMetadata } from '../../exposition/index.ts';
import type { PrometheusClient } from '../prometheus/client.ts';
import { decodeFamilies } from '../prometheus/metadata.ts';
import {
  decodeQueryData,
  decodeTexts,
  type QueryData,
  type ResultSeries,
} from '../prometheus/query-result.ts';
import type { Bounds, Metric, SampleBlock, SampleSource } from './sample-source.ts';
import { equals, ofMetric, type Selector, selectorText } from './selectors.ts';

/**
 * Samples that are asked for in one query, so that neither side holds many: a metric that has no more is asked for
 * whole, others series by series, and long series in slices of time.
 */
const SAMPLES_PER_QUERY = 200_000;
const NAMELESS = `${METRIC_NAME}=""`;

/** Reads from any Prometheus by instant queries of range selectors, which give the samples as they are stored. */
export function createPrometheusSource(
  client: PrometheusClient,
  selectors: readonly Selector[],
  { start, end }: Bounds,
  samplesPerQuery: number = SAMPLES_PER_QUERY,
): SampleSource {
  const times = { start: seconds(start), end: seconds(end) };
  let histograms = 0;
  let nameless = 0;

  async function query(expr: string, at: Milliseconds): Promise<Extract<QueryData, { series: unknown }>> {
    const data = decodeQueryData((await client.ask('query', { query: expr, time: seconds(at) })).data);
    if ('series' in data) return data;
    throw new UserError('prometheus-bad-answer', `the server answered a selector with a ${data.type}`);
  }

  const rangeOf = (selector: string, from: Milliseconds, to: Milliseconds) =>
    `${selector}[${to - from + 1}ms]`;

  /** Samples of each series, whose labels come without the metric's name. */
  async function counts(selector: string, from = start, to = end): Promise<Map<Labels, number>> {
    const { series } = await query(`count_over_time(${rangeOf(selector, from, to)})`, to);
    return new Map(series.map(({ labels, values }) => [labels, values[0]!]));
  }

  async function samples(
    selector: string,
    from: Milliseconds,
    to: Milliseconds,
  ): Promise<readonly ResultSeries[]> {
    const data = await query(rangeOf(selector, from, to), to);
    histograms += data.histograms;
    return data.series;
  }

  async function* slices(
    selector: string,
    count: number,
    from: Milliseconds,
    to: Milliseconds,
  ): AsyncIterable<ResultSeries> {
    if (count === 0) return;
    if (count <= samplesPerQuery || from >= to) {
      yield* await samples(selector, from, to);
      return;
    }
    const middle = Math.floor((from + to) / 2);
    const [first = 0] = (await counts(selector, from, middle)).values();
    yield* slices(selector, first, from, middle);
    yield* slices(selector, count - first, middle + 1, to);
  }

  async function* whole(selectorsOfMetric: readonly string[]): AsyncIterable<SampleBlock> {
    const found = new Map<string, ResultSeries>();
    for (const selector of selectorsOfMetric) {
      for (const series of await samples(selector, start, end)) found.set(series.labels.key, series);
    }
    for (const series of [...found.values()].sort((a, b) => compareLabels(a.labels, b.labels)))
      yield blockOf(series);
  }

  async function* oneByOne(series: ReadonlyMap<Labels, number>): AsyncIterable<SampleBlock> {
    const sets = [...series.keys()];
    for (const [labels, count] of series) {
      for await (const slice of slices(exactly(labels, sets), count, start, end)) yield blockOf(slice);
    }
  }

  return {
    async metricNames() {
      const found = new Set<string>();
      for (const matchers of selectors) {
        const parameters = { 'match[]': selectorText(matchers), ...times };
        for (const name of decodeTexts((await client.get(`label/${METRIC_NAME}/values`, parameters)).data))
          found.add(name);
        nameless += (await counts(`{${[selectorText(matchers).slice(1, -1), NAMELESS].join(',')}}`)).size;
      }
      return [...found];
    },
    async metric(name): Promise<Metric | undefined> {
      const narrowed = selectors.map(matchers => ofMetric(matchers, name));
      const series = await countedSeries(name, narrowed, counts);
      if (series.size === 0) return undefined;
      const sampleCount = [...series.values()].reduce((sum, count) => sum + count, 0);
      return {
        name,
        series: [...series.keys()],
        sampleCount,
        blocks: () => (sampleCount <= samplesPerQuery ? whole(narrowed) : oneByOne(series)),
      };
    },
    metadata: async (): Promise<ReadonlyMap<string, FamilyMetadata>> =>
      decodeFamilies((await client.get('metadata')).data),
    notes: () => [
      ...(histograms > 0
        ? [`${histograms} samples of native histograms have no text form and were left out`]
        : []),
      ...(nameless > 0 ? [`${nameless} series without a metric name cannot be written in OpenMetrics`] : []),
    ],
    close: () => client.close(),
  };
}

/** The series that one of the selectors matches, with their samples counted, in order. */
async function countedSeries(
  name: string,
  selectors: readonly string[],
  counts: (selector: string) => Promise<ReadonlyMap<Labels, number>>,
): Promise<Map<Labels, number>> {
  const found = new Map<string, [Labels, number]>();
  for (const selector of selectors) {
    for (const [labels, count] of await counts(selector)) {
      const named = labels.with({ [METRIC_NAME]: name });
      found.set(named.key, [named, count]);
    }
  }
  return new Map([...found.values()].sort(([a], [b]) => compareLabels(a, b)));
}

/** A selector of this one of the series: labels that only others have are told to be empty. */
function exactly(labels: Labels, sets: readonly Labels[]): string {
  const names = new Set(sets.flatMap(set => [...set].map(([name]) => name)));
  return `{${[...names].map(name => equals(name, labels.get(name))).join(',')}}`;
}

const blockOf = ({ labels, timestamps, values }: ResultSeries): SampleBlock => ({
  labels,
  samples: {
    timestamps: Float64Array.from(timestamps),
    values: Float64Array.from(values),
    start: 0,
    end: values.length,
  },
});

const seconds = (time: Milliseconds): string => formatFloat(time / 1000);
