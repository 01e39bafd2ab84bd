import type { Milliseconds } from '../../core/index.ts';
import type { EvalContext } from './context.ts';

/** What a query consumed (Prometheus's util/stats QuerySamples). */
export interface SampleStatistics {
  /** Samples of all windows of all steps, as if each step were a query of its own. */
  readonly totalQueryableSamples: number;
  /** Without those that an earlier step's window held already. */
  readonly samplesRead: number;
  /** Series of all selectors, those that two of them meet twice. */
  readonly seriesTouched: number;
  /** The most samples that this engine held at a time, which is what its limit is about. */
  readonly peakSamples: number;
  /** The same by step: its time, and the samples. */
  readonly totalPerStep: ReadonlyArray<readonly [at: Milliseconds, samples: number]>;
  readonly readPerStep: ReadonlyArray<readonly [at: Milliseconds, samples: number]>;
}

/** What has been counted; undefined where it was not asked for. */
export function statisticsOf({ counts, start, step, query }: EvalContext): SampleStatistics | undefined {
  if (!counts) return undefined;
  const perStep = (values: Float64Array) =>
    Array.from(values, (value, i) => [start + i * step, value] as const);
  const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
  return {
    totalQueryableSamples: sum(counts.total),
    samplesRead: sum(counts.read),
    seriesTouched: counts.series,
    peakSamples: query.budget.peak(),
    totalPerStep: perStep(counts.total),
    readPerStep: perStep(counts.read),
  };
}
