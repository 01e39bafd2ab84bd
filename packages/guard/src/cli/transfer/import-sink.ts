import type { SampleBatch } from './sample-batches.ts';

/** Samples that were refused, all for the same reason and of the same series. */
export interface Refusal {
  readonly reason: string;
  readonly samples: number;
  /** For people. */
  readonly series: string;
  /** Where the first and the last of the samples stand that may be meant; the same where that is known. */
  readonly firstLine: number;
  readonly lastLine: number;
}

/** What became of a batch. */
export interface BatchOutcome {
  /** Samples that are stored now. */
  readonly imported: number;
  /** Samples that were there before, with the same values. */
  readonly present: number;
  readonly refusals: readonly Refusal[];
}

/** Where samples are imported to. */
export interface ImportSink {
  /** Takes the samples it can. Once it resolves, they are durable. */
  write(batch: SampleBatch): Promise<BatchOutcome>;
  close(): Promise<void>;
}
