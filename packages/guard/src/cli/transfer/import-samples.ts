import { type Clock, formatDuration, type Labels, type Milliseconds, UserError } from '../../core/index.ts';
import type { ImportFormat } from '../choices.ts';
import { addOutcome, type ImportReport } from './import-report.ts';
import type { BatchOutcome, ImportSink } from './import-sink.ts';
import type { Input } from './input.ts';
import { type ReadCounts, type SampleBatch, sampleBatches } from './sample-batches.ts';

export interface ImportOptions {
  readonly format: ImportFormat;
  /** Of the store that is imported to; undefined where it is not known. */
  readonly retention: Milliseconds | undefined;
  /** Whether samples that are older than the retention are refused like others, instead of ending the import. */
  readonly skipRefused: boolean;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onProgress: () => void;
}

/** Samples of one transaction or request: small enough for any receiver's limits. */
const BATCH_SAMPLES = 10_000;

/**
 * Reads a file and hands its samples to the sink, one batch after another: while one is written, the next is read.
 * What `report` counts as imported stays imported when this throws.
 *
 * @throws UserError of `sampleBatches` and of the sink; `older-than-retention`
 */
export async function importSamples(
  input: Input,
  sink: ImportSink,
  report: ImportReport,
  counts: ReadCounts,
  options: ImportOptions,
): Promise<void> {
  let writing: Promise<BatchOutcome> | undefined;
  const settle = async () => {
    if (writing !== undefined) addOutcome(report, input.name, await writing);
    writing = undefined;
  };
  try {
    const { format } = options;
    for await (const batch of sampleBatches(input.name, input.bytes, {
      format,
      size: BATCH_SAMPLES,
      counts,
    })) {
      options.signal.throwIfAborted();
      if (!options.skipRefused) checkRetention(batch, options);
      await settle();
      noteSeries(batch, report);
      writing = sink.write(batch);
      // Its failure is met by `settle`, maybe after the next batch was found to be malformed.
      writing.catch(() => undefined);
      options.onProgress();
    }
  } finally {
    await settle();
  }
}

function noteSeries({ series }: SampleBatch, report: ImportReport): void {
  let last: Labels | undefined;
  for (const labels of series) {
    // Samples of a series stand together, and a set of many keys costs more than they do.
    if (labels !== last) report.series.add(labels.key);
    last = labels;
  }
}

/** Nobody means to import what the store would drop at once: told before time is spent on the rest. */
function checkRetention(
  { timestamps, series, lines, file }: SampleBatch,
  { retention, clock }: ImportOptions,
): void {
  if (retention === undefined) return;
  const now = clock.now();
  const index = timestamps.findIndex(timestamp => timestamp < now - retention);
  if (index === -1) return;
  const age = now - timestamps[index]!;
  const days = Math.ceil(age / 86_400_000) + 1;
  throw new UserError(
    'older-than-retention',
    `the sample of ${series[index]} from ${new Date(timestamps[index]!).toISOString()} is older than the retention of ${formatDuration(retention)}`,
    {
      position: { file, line: lines[index]!, column: 1 },
      remedy: `keep samples longer (--storage.tsdb.retention.time ${days}d, here and for the guard), or leave out what is too old with --skip-refused`,
    },
  );
}
