import { type Labels, type Milliseconds, UserError } from '../../core/index.ts';
import {
  createExpositionReader,
  type ExpositionVisitor,
  OPEN_METRICS_END,
  type ReadSeries,
  type SampleEntry,
  writeFamily,
} from '../../exposition/index.ts';
import type { ImportFormat } from '../choices.ts';
import type { LineBlock } from './line-blocks.ts';
import type { ReadCounts, SampleBatch } from './sample-batches.ts';

const CONTENT_TYPES: Readonly<Record<ImportFormat, string>> = {
  openmetrics: 'application/openmetrics-text; version=1.0.0',
  text: 'text/plain; version=0.0.4',
};

/** The end of the year 9999: what lies beyond has its unit wrong. */
const LATEST: Milliseconds = 253_402_300_799_999;

/**
 * Reads one block of a file after another, each as an exposition of its own: the TYPE that holds stands before it, and
 * where the format asks for an end, one behind it.
 */
export function createBlockReader(
  file: string,
  format: ImportFormat,
  counts: ReadCounts,
): (block: LineBlock) => SampleBatch {
  let head = '';
  // The samples of a series stand together: it is read once.
  let current: ReadSeries | undefined;

  function labelsOf(entry: SampleEntry): Labels {
    if (current?.text !== entry.text) current = entry.series();
    return current.labels;
  }

  function visitorOf(batch: MutableBatch, { sampleLines, firstLine }: LineBlock): ExpositionVisitor {
    return {
      expected: () => current?.text ?? '',
      metadata({ name, type }) {
        if (type === undefined) return;
        head = writeFamily({ name, type });
        // The type decides how buckets are read.
        current = undefined;
      },
      sample(entry) {
        const line = sampleLines[batch.lines.length] ?? firstLine;
        const labels = labelsOf(entry);
        batch.timestamps.push(checkedTimestamp(entry.timestamp, labels, file, line));
        batch.series.push(labels);
        batch.values.push(entry.value);
        batch.lines.push(line);
        if (entry.exemplar) counts.exemplars++;
      },
    };
  }

  return block => {
    const { bytes, firstLine, isLast } = block;
    const batch: MutableBatch = { file, series: [], timestamps: [], values: [], lines: [] };
    // Where the file's own end came before, what follows is read behind it, and so refused.
    if (head === OPEN_METRICS_END && bytes.length === 0) return batch;
    const before = head;
    const hasEnd = format === 'openmetrics' && endsWithEnd(bytes);
    const after = format === 'openmetrics' && !isLast && !hasEnd ? OPEN_METRICS_END : '';
    const text = Buffer.concat([Buffer.from(before), bytes, Buffer.from(after)]);
    try {
      createExpositionReader(CONTENT_TYPES[format], text, visitorOf(batch, block)).read(
        Number.POSITIVE_INFINITY,
      );
    } catch (error) {
      throw placed(error, file, firstLine - (before === '' ? 1 : 2));
    }
    if (hasEnd) head = OPEN_METRICS_END;
    return batch;
  };
}

/** A batch that is being filled. */
interface MutableBatch extends SampleBatch {
  readonly series: Labels[];
  readonly timestamps: Milliseconds[];
  readonly values: number[];
  readonly lines: number[];
}

/** Whether the last line is the format's end. */
function endsWithEnd(bytes: Uint8Array): boolean {
  const tail = Buffer.from(bytes.subarray(-OPEN_METRICS_END.length - 1)).toString();
  return tail === OPEN_METRICS_END || tail === `\n${OPEN_METRICS_END}`;
}

function checkedTimestamp(
  timestamp: Milliseconds | undefined,
  labels: Labels,
  file: string,
  line: number,
): Milliseconds {
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
