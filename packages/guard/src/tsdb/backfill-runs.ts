import type { Labels, Milliseconds } from '../core/index.ts';
import { type AppendOutcome, SampleBuffer, type Samples } from '../promql/storage.ts';
import { copyValue, SampleColumns, sameBits } from './sample-batch.ts';
import { lowerBound } from './series-state.ts';

/** Samples in any order, as parallel columns. */
export interface BackfillBatch {
  readonly series: readonly Labels[];
  readonly timestamps: ArrayLike<Milliseconds>;
  readonly values: ArrayLike<number>;
}

/** What a series has already. */
export interface Existing {
  readonly span: { readonly min: Milliseconds; readonly max: Milliseconds } | undefined;
  samples(from: Milliseconds, to: Milliseconds): Samples;
}

/** Samples of one series that can be put in together: the series has none between the first and the last of them. */
export interface Run {
  readonly samples: SampleBuffer;
  readonly count: number;
}

/**
 * Judges the samples of one series, given by their indices in the batch: notes what becomes of each in `outcomes`, and
 * answers those that fit in, as runs. What is older than all there are, or newer, fits in; what is not does where no
 * sample of the series comes between.
 */
export function runsOf(
  { timestamps, values }: BackfillBatch,
  indices: readonly number[],
  existing: Existing,
  outcomes: AppendOutcome[],
): Run[] {
  const columns = new SampleColumns();
  const kept: number[] = [];
  for (const index of indices.toSorted((a, b) => timestamps[a]! - timestamps[b]!)) {
    columns.push(timestamps[index]!, values[index]!);
    const outcome = verdict(columns);
    outcomes[index] = outcome;
    if (outcome === 'appended') kept.push(index);
    else columns.pop();
  }
  const { span } = existing;
  const before = span ? lowerBound(columns.timestamps, span.min, 0, kept.length) : 0;
  const after = span ? lowerBound(columns.timestamps, span.max + 1, before, kept.length) : 0;
  const runs = [cut(columns, 0, before), cut(columns, after, kept.length)];
  if (after > before && judgeWithin(columns, before, after, existing, kept, outcomes))
    runs.push(cut(columns, before, after));
  return runs.filter(({ count }) => count > 0);
}

/** Of the last sample, which may repeat the one before it. */
function verdict({ timestamps, values, count }: SampleColumns): AppendOutcome {
  const last = count - 1;
  if (last === 0 || timestamps[last] !== timestamps[last - 1]) return 'appended';
  return sameBits(values, last, values, last - 1) ? 'duplicate' : 'duplicate-other-value';
}

/** Whether the samples from `start` to before `end` lie between two of the series; notes what becomes of them if not. */
function judgeWithin(
  { timestamps, values }: SampleColumns,
  start: number,
  end: number,
  existing: Existing,
  kept: readonly number[],
  outcomes: AppendOutcome[],
): boolean {
  const there = existing.samples(timestamps[start]!, timestamps[end - 1]!);
  if (there.start === there.end) return true;
  let at = there.start;
  for (let i = start; i < end; i++) {
    while (at < there.end && there.timestamps[at]! < timestamps[i]!) at++;
    const isThere = at < there.end && there.timestamps[at] === timestamps[i];
    const isSame = isThere && sameBits(values, i, there.values, at);
    outcomes[kept[i]!] = isSame ? 'duplicate' : isThere ? 'duplicate-other-value' : 'out-of-order';
  }
  return false;
}

function cut({ timestamps, values }: SampleColumns, start: number, end: number): Run {
  const count = end - start;
  const samples = new SampleBuffer().reserve(count);
  for (let i = 0; i < count; i++) {
    samples.timestamps[i] = timestamps[start + i]!;
    copyValue(values, start + i, samples.values, i);
  }
  return { samples, count };
}
