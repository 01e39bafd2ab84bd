import { type Labels, type Milliseconds, UserError, unreachable } from '../core/index.ts';
import type { SampleEntry } from '../exposition/index.ts';
import type { Appender, ExemplarOutcome } from '../promql/storage.ts';
import type { ScrapeMetrics } from './metrics.ts';

export interface SampleWriterOptions {
  readonly appender: Appender;
  readonly metrics: ScrapeMetrics;
  /** The scrape's timestamp. */
  readonly at: Milliseconds;
}

/** What became of a sample. */
export type WriteOutcome = 'stored' | 'refused' | 'taken';

/** Appends the samples of a scrape, and counts those that the store refuses. */
export interface SampleWriter {
  /**
   * Stores the sample and its exemplar. `taken`: another sample stands at its timestamp.
   *
   * @throws UserError `series-limit`
   */
  write(labels: Labels, timestamp: Milliseconds, entry: SampleEntry): WriteOutcome;
  /**
   * The zero with which a counter began, before the sample at `timestamp` is written (tsdb/head_append_v2.go
   * bestEffortAppendSTZeroSample). What the store says to it is of no matter: a counter that goes on has newer samples.
   */
  writeStart(labels: Labels, start: Milliseconds, timestamp: Milliseconds): void;
}

/** Timestamps further in the future are refused (scrape.go maxAheadTime). */
const MAX_AHEAD = 600_000;
/** Those further back too: half a block of Prometheus's head (tsdb/head_append.go appendableMinValidTime). */
const MAX_BEHIND = 3_600_000;

export function createSampleWriter({ appender, metrics, at }: SampleWriterOptions): SampleWriter {
  const oldest = at - MAX_BEHIND;
  const newest = at + MAX_AHEAD;

  function append(labels: Labels, timestamp: Milliseconds, value: number): WriteOutcome {
    const isWithin = timestamp >= oldest && timestamp <= newest;
    const outcome = isWithin ? appender.append(labels, timestamp, value) : 'out-of-bounds';
    switch (outcome) {
      case 'appended':
      case 'duplicate':
        return 'stored';
      case 'duplicate-other-value':
        return 'taken';
      case 'out-of-order':
        metrics.outOfOrder.inc();
        return 'refused';
      case 'out-of-bounds':
        metrics.outOfBounds.inc();
        return 'refused';
      case 'series-limit':
        throw new UserError('series-limit', 'the store holds as many series as it is allowed to');
      default:
        return unreachable(outcome);
    }
  }

  function countExemplar(outcome: ExemplarOutcome): void {
    if (outcome === 'out-of-order') metrics.exemplarOutOfOrder.inc();
  }

  return {
    write(labels, timestamp, { value, exemplar }) {
      const written = append(labels, timestamp, value);
      if (written === 'stored' && exemplar) {
        const placed = { ...exemplar, timestamp: exemplar.timestamp ?? timestamp };
        countExemplar(appender.appendExemplar(labels, placed));
      }
      return written;
    },
    writeStart(labels, start, timestamp) {
      if (start >= oldest && start < timestamp) appender.append(labels, start, 0);
    },
  };
}
