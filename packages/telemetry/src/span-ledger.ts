/** Why a span that was recorded never reached the collector. */
export const LOSS_REASONS = [
  'queue_full',
  'export_failed',
  'rejected',
  'unflushed',
  'after_shutdown',
  'no_exporter',
] as const;
export type LossReason = (typeof LOSS_REASONS)[number];

/** Counts since start. Once shut down: ended = exported + the sum of lost. */
export interface SpanCounts {
  readonly started: number;
  /** Ended and sampled. */
  readonly ended: number;
  readonly exported: number;
  readonly lost: Readonly<Record<LossReason, number>>;
  /** Waiting in the batch processor. */
  readonly queued: number;
  /** Handed to the exporter, not answered yet. */
  readonly inFlight: number;
}

/** Where every sampled span is accounted for, from its end to its delivery or its loss. */
export interface SpanLedger {
  counts(): SpanCounts;
  start(): void;
  /** Whether the processor may have the span: false when it would drop it. */
  end(maxQueueSize: number): boolean;
  /** An ended span that nobody wants to send. */
  lose(reason: LossReason): void;
  handOver(spans: number): void;
  settle(spans: number, failed: boolean): void;
  /** Spans of a successful export that the collector said it did not take. */
  reject(spans: number): void;
  /** After this, what is still queued or in flight is lost, and late answers change nothing. */
  close(): void;
}

export function createSpanLedger(): SpanLedger {
  const lost = Object.fromEntries(LOSS_REASONS.map(reason => [reason, 0])) as Record<LossReason, number>;
  let started = 0;
  let ended = 0;
  let exported = 0;
  let queued = 0;
  let inFlight = 0;
  let rejectedInAnswer = 0;
  let closed = false;

  return {
    counts: () => ({ started, ended, exported, lost: { ...lost }, queued, inFlight }),
    start() {
      started += 1;
    },
    end(maxQueueSize) {
      ended += 1;
      if (closed) lost.after_shutdown += 1;
      else if (queued >= maxQueueSize) lost.queue_full += 1;
      else {
        queued += 1;
        return true;
      }
      return false;
    },
    lose(reason) {
      ended += 1;
      lost[reason] += 1;
    },
    handOver(spans) {
      if (closed) return;
      queued -= spans;
      inFlight += spans;
    },
    settle(spans, failed) {
      const rejected = Math.min(spans, rejectedInAnswer);
      rejectedInAnswer = 0;
      if (closed) return;
      inFlight -= spans;
      if (failed) {
        lost.export_failed += spans;
        return;
      }
      lost.rejected += rejected;
      exported += spans - rejected;
    },
    reject(spans) {
      rejectedInAnswer += spans;
    },
    close() {
      if (closed) return;
      closed = true;
      lost.unflushed += queued + inFlight;
      queued = 0;
      inFlight = 0;
    },
  };
}
