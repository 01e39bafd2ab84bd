import { compareLabels, type Labels, METRIC_NAME } from '../../core/index.ts';
import type { Querier, SeriesData } from '../../promql/index.ts';
import type { Store } from '../../tsdb/index.ts';
import type { Bounds, Metric, SampleSource } from './sample-source.ts';
import type { Selector } from './selectors.ts';

/** Reads from a store that this process has open, and closes it in the end. */
export function createStoreSource(
  store: Store,
  selectors: readonly Selector[],
  { start, end }: Bounds,
): SampleSource {
  const querier: Querier = store.querier(start, end);
  const byName = groupedByName(selectors.flatMap(matchers => querier.select(matchers)));

  return {
    metricNames: async () => [...byName.keys()].filter(name => name !== ''),
    async metric(name) {
      const series = byName.get(name);
      return series === undefined ? undefined : metricOf(name, series, { start, end });
    },
    metadata: async () => new Map(),
    notes: () => {
      const nameless = byName.get('')?.length ?? 0;
      return nameless === 0
        ? []
        : [`${nameless} series without a metric name cannot be written in OpenMetrics`];
    },
    async close() {
      querier.close();
      store.close();
    },
  };
}

function metricOf(name: string, series: readonly SeriesData[], { start, end }: Bounds): Metric {
  return {
    name,
    series: series.map(({ labels }) => labels),
    sampleCount: undefined,
    async *blocks() {
      for (const { labels, samples } of series) yield { labels, samples: samples(start, end) };
    },
  };
}

/** Each series once, in order. */
function groupedByName(found: readonly SeriesData[]): Map<string, SeriesData[]> {
  const unique = new Map<string, SeriesData>(found.map(series => [series.labels.key, series]));
  const groups = new Map<string, SeriesData[]>();
  for (const series of [...unique.values()].sort((a, b) => compareLabels(a.labels, b.labels))) {
    const name = nameOf(series.labels);
    const group = groups.get(name);
    if (group) group.push(series);
    else groups.set(name, [series]);
  }
  return groups;
}

const nameOf = (labels: Labels) => labels.get(METRIC_NAME);
