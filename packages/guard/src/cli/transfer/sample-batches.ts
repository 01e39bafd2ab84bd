import { type Labels, type Milliseconds, UserError } from '../../core/index.ts';
import { type SeriesEntry, visitExposition, writeFamily } from '../../exposition/index.ts';
import type { ImportFormat } from '../choices.ts';
import { type LineBlock, lineBlocks } from './line-blocks.ts';

/** Samples in the order of the file, as parallel columns. */
export interface SampleBatch {
  readonly file: string;
  readonly series: readonly Labels[];
  readonly timestamps: readonly Milliseconds[];
  readonly values: readonly number[];
  /** Where each stands in the file. */
  readonly lines: readonly number[];
}

const CONTENT_TYPES: Readonly<Record<ImportFormat, string>> = {
  openmetrics: 'application/openmetrics-text; version=1.0.0',
  text: 'text/plain; version=0.0.4',
};

/** The end of the year 9999: what lies beyond has its unit wrong. */
const LATEST: Milliseconds = 253_402_300_799_999;

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

const END = '# EOF\n';

/**
 * Reads one block after another, each as an exposition of its own: the TYPE that holds stands before it, and where the
 * format asks for an end, one behind it.
 */
function createBlockReader(
  file: string,
  format: ImportFormat,
  counts: ReadCounts,
): (block: LineBlock) => SampleBatch {
  let head = '';
  return ({ bytes, firstLine, sampleLines, isLast }) => {
    const batch = {
      file,
      series: [] as Labels[],
      timestamps: [] as number[],
      values: [] as number[],
      lines: [] as number[],
    };
    // Where the file's own end came before, what follows is read behind it, and so refused.
    if (head === END && bytes.length === 0) return batch;
    const before = head;
    const hasEnd = format === 'openmetrics' && endsWithEnd(bytes);
    const after = format === 'openmetrics' && !isLast && !hasEnd ? END : '';
    const text = Buffer.concat([Buffer.from(before), bytes, Buffer.from(after)]);
    try {
      visitExposition(CONTENT_TYPES[format], text, {
        metadata({ name, type }) {
          if (type !== undefined) head = writeFamily({ name, type });
        },
        series(entry) {
          const line = sampleLines[batch.lines.length] ?? firstLine;
          batch.timestamps.push(timestampOf(entry, file, line));
          batch.series.push(entry.labels);
          batch.values.push(entry.value);
          batch.lines.push(line);
          if (entry.exemplar) counts.exemplars++;
        },
      });
    } catch (error) {
      throw placed(error, file, firstLine - (before === '' ? 1 : 2));
    }
    if (hasEnd) head = END;
    return batch;
  };
}

/** Whether the last line is the format's end. */
function endsWithEnd(bytes: Uint8Array): boolean {
  const tail = Buffer.from(bytes.subarray(-END.length - 1)).toString();
  return tail === END || tail === `\n${END}`;
}

function timestampOf({ timestamp, labels }: SeriesEntry, file: string, line: number): Milliseconds {
  const position = { file, line, column: 1 };
  if (timestamp === undefined)
    throw new UserError('no-timestamp', `the sample of ${labels} has no timestamp`, {
      position,
      remedy: 'import takes samples with the times at which they were taken',
    });
  if (Math.abs(timestamp) <= LATEST) return timestamp;
  throw new UserError('bad-timestamp', `the timestamp of ${labels} lies beyond the year 9999`, {
    position,
    remedy:
      'OpenMetrics counts seconds, the Prometheus text format milliseconds: give --format text for the latter',
  });
}

/** Lines of an error within a block become lines of the file. */
function placed(error: unknown, file: string, linesBefore: number): unknown {
  if (!(error instanceof UserError)) return error;
  const [problem] = error.problems;
  const { code, message, position, ...rest } = problem!;
  if (position === undefined || position.file !== undefined) return error;
  return new UserError(code, message, {
    ...rest,
    position: { ...position, file, line: position.line + linesBefore },
  });
}
