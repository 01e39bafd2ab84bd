import { compareLabels, formatFloat, type Labels, METRIC_NAME } from '../../core/index.ts';
import type { PrometheusClient } from '../prometheus/client.ts';
import { decodeFamilies } from '../prometheus/metadata.ts';
import { decodeTexts, type ResultSeries } from '../prometheus/query-result.ts';
import { createSampleQueries, type SampleQueries } from './sample-queries.ts';
import type { Bounds, SampleBlock, SampleSource } from './sample-source.ts';
import { equals, ofMetric, type Selector, selectorText } from './selectors.ts';

/**
 * Samples that are asked for in one query, so that neither side holds many: a metric that has no more is asked for
 * whole, others series by series, and long series in slices of time.
 */
const SAMPLES_PER_QUERY = 200_000;

/** Reads from any Prometheus. @throws UserError of `PrometheusClient`, from every function */
export function createPrometheusSource(
  client: PrometheusClient,
  selectors: readonly Selector[],
  { start, end }: Bounds,
  samplesPerQuery: number = SAMPLES_PER_QUERY,
): SampleSource {
  const queries = createSampleQueries(client);
  const bounds = { from: start, to: end, most: samplesPerQuery };
  let nameless = 0;

  async function namesOf(selector: string): Promise<string[]> {
    const times = { start: formatFloat(start / 1000), end: formatFloat(end / 1000) };
    return decodeTexts(
      (await client.get(`label/${METRIC_NAME}/values`, { 'match[]': selector, ...times })).data,
    );
  }

  return {
    async metricNames() {
      const found = await Promise.all(selectors.map(matchers => namesOf(selectorText(matchers))));
      nameless = (
        await queries.counts(
          selectors.map(matchers => ofMetric(matchers, '')),
          start,
          end,
        )
      ).size;
      return [...new Set(found.flat())];
    },
    async metric(name) {
      const narrowed = selectors.map(matchers => ofMetric(matchers, name));
      const counts = await queries.counts(narrowed, start, end);
      if (counts.size === 0) return undefined;
      const sampleCount = [...counts.values()].reduce((sum, count) => sum + count, 0);
      const series = new Map(
        [...counts]
          .map(([labels, count]) => [labels.with({ [METRIC_NAME]: name }), count] as const)
          .sort(([a], [b]) => compareLabels(a, b)),
      );
      return {
        name,
        series: [...series.keys()],
        sampleCount,
        blocks: () =>
          sampleCount <= samplesPerQuery
            ? whole(queries, narrowed, bounds)
            : oneByOne(queries, series, bounds),
      };
    },
    metadata: async () => decodeFamilies((await client.get('metadata')).data),
    notes: () => [
      ...(queries.histograms() > 0
        ? [`${queries.histograms()} samples of native histograms have no text form and were left out`]
        : []),
      ...(nameless > 0 ? [`${nameless} series without a metric name cannot be written in OpenMetrics`] : []),
    ],
    close: () => client.close(),
  };
}

/** What slices are cut to. */
type SliceBounds = Parameters<SampleQueries['slices']>[2];

/** All series of a metric, each once, in order. */
async function* whole(
  queries: SampleQueries,
  selectors: readonly string[],
  { from, to }: SliceBounds,
): AsyncIterable<SampleBlock> {
  const found = new Map<string, ResultSeries>();
  for (const selector of selectors) {
    for (const series of await queries.samples(selector, from, to)) found.set(series.labels.key, series);
  }
  for (const series of [...found.values()].sort((a, b) => compareLabels(a.labels, b.labels)))
    yield blockOf(series);
}

async function* oneByOne(
  queries: SampleQueries,
  series: ReadonlyMap<Labels, number>,
  bounds: SliceBounds,
): AsyncIterable<SampleBlock> {
  const names = new Set([...series.keys()].flatMap(labels => [...labels].map(([name]) => name)));
  for (const [labels, count] of series) {
    for await (const slice of queries.slices(exactly(labels, names), count, bounds)) yield blockOf(slice);
  }
}

/** A selector of one series among others: labels that only others have are told to be empty. */
const exactly = (labels: Labels, names: ReadonlySet<string>): string =>
  `{${[...names].map(name => equals(name, labels.get(name))).join(',')}}`;

const blockOf = ({ labels, timestamps, values }: ResultSeries): SampleBlock => ({
  labels,
  samples: {
    timestamps: Float64Array.from(timestamps),
    values: Float64Array.from(values),
    start: 0,
    end: values.length,
  },
});
