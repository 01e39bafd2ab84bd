import type { Labels } from '../../core/index.ts';
import {
  isNumericLabelNormal,
  OPEN_METRICS_END,
  writeFamily,
  writeSample,
  writeSeries,
} from '../../exposition/index.ts';
import { isStaleAt } from '../../promql/index.ts';
import type { StaleMarkers } from '../choices.ts';
import { type Family, familiesOf } from './families.ts';
import type { Metric, SampleBlock, SampleSource } from './sample-source.ts';

export interface ExportCounts {
  series: number;
  samples: number;
  /** Not written. */
  staleMarkers: number;
}

/** Told of every piece that is written. */
export type OnProgress = (counts: ExportCounts, metric: Metric) => void;

/** Text is handed on in pieces of about this many characters. */
const PIECE = 64 << 10;

/** Everything a source has, as OpenMetrics 1.0, series by series, each in order of time. */
export async function* writeExport(
  source: SampleSource,
  counts: ExportCounts,
  { staleMarkers, onProgress }: { staleMarkers: StaleMarkers; onProgress?: OnProgress },
): AsyncGenerator<string> {
  for (const family of familiesOf(await source.metricNames(), await source.metadata())) {
    const metrics = await metricsOf(source, family);
    if (metrics.length === 0) continue;
    yield headOf(family, metrics);
    for (const metric of metrics) {
      counts.series += metric.series.length;
      for await (const block of metric.blocks()) {
        yield* blockText(block, counts, staleMarkers);
        onProgress?.(counts, metric);
      }
    }
  }
  yield OPEN_METRICS_END;
}

async function metricsOf(source: SampleSource, { metrics }: Family): Promise<Metric[]> {
  const found: Metric[] = [];
  for (const name of metrics) {
    const metric = await source.metric(name);
    if (metric) found.push(metric);
  }
  return found;
}

/** Not for families whose `le` or `quantile` a reader that knows the type would rewrite: the series would be others. */
function headOf({ metadata }: Family, metrics: readonly Metric[]): string {
  if (metadata === undefined) return '';
  const { type } = metadata;
  const isNormal = (labels: Labels) =>
    [...labels].every(([name, value]) => isNumericLabelNormal(type, name, value));
  return metrics.every(({ series }) => series.every(isNormal)) ? writeFamily(metadata) : '';
}

function* blockText(
  { labels, samples: { timestamps, values, start, end } }: SampleBlock,
  counts: ExportCounts,
  staleMarkers: StaleMarkers,
): Generator<string> {
  const series = writeSeries(labels);
  let piece = '';
  for (let i = start; i < end; i++) {
    if (staleMarkers === 'omit' && isStaleAt(values, i)) {
      counts.staleMarkers++;
      continue;
    }
    piece += writeSample(series, values[i]!, timestamps[i]!);
    counts.samples++;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}
