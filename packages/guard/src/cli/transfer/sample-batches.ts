import type { Labels, Milliseconds } from '../../core/index.ts';
import type { ImportFormat } from '../choices.ts';
import { createBlockReader } from './block-reader.ts';
import { lineBlocks } from './line-blocks.ts';

/** Samples in the order of the file, as parallel columns. */
export interface SampleBatch {
  readonly file: string;
  readonly series: readonly Labels[];
  readonly timestamps: readonly Milliseconds[];
  readonly values: readonly number[];
  /** Where each stands in the file. */
  readonly lines: readonly number[];
}

export interface BatchOptions {
  readonly format: ImportFormat;
  /** Samples in a batch, at most. */
  readonly size: number;
  readonly counts: ReadCounts;
  /** Of text that is read at once, about. */
  readonly blockBytes?: number;
}

/** What was read that is not imported. */
export interface ReadCounts {
  exemplars: number;
}

/**
 * Reads samples out of an exposition, in batches of at most `size`.
 *
 * @throws UserError `bad-exposition`, `no-timestamp`, `bad-timestamp` with file, line and column
 */
export async function* sampleBatches(
  file: string,
  chunks: AsyncIterable<Uint8Array>,
  { format, size, counts, blockBytes }: BatchOptions,
): AsyncGenerator<SampleBatch> {
  const read = createBlockReader(file, format, counts);
  for await (const block of lineBlocks(file, chunks, blockBytes)) {
    const samples = read(block);
    for (let start = 0; start < samples.lines.length; start += size)
      yield sliceOf(samples, start, start + size);
  }
}

const sliceOf = (
  { file, series, timestamps, values, lines }: SampleBatch,
  start: number,
  end: number,
): SampleBatch => ({
  file,
  series: series.slice(start, end),
  timestamps: timestamps.slice(start, end),
  values: values.slice(start, end),
  lines: lines.slice(start, end),
});
