import type { Counter } from 'prom-client';
import { type Labels, type Milliseconds, UserError, unreachable } from '../core/index.ts';
import type { SampleEntry } from '../exposition/index.ts';
import { type Appendable, type Appender, type ExemplarOutcome, fitsCommitted } from '../promql/storage.ts';
import type { ScrapeMetrics } from './metrics.ts';

export interface SampleWriterOptions {
  readonly appendable: Appendable;
  readonly appender: Appender;
  readonly metrics: ScrapeMetrics;
  /** The scrape's timestamp. */
  readonly at: Milliseconds;
}

/** Appends the samples of a scrape, and counts those that the store refuses. */
export interface SampleWriter {
  /** Whether the sample was taken, with its exemplar. @throws UserError `series-limit` */
  write(labels: Labels, timestamp: Milliseconds, entry: SampleEntry): boolean;
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

export function createSampleWriter(options: SampleWriterOptions): SampleWriter {
  const { appendable, appender, metrics, at } = options;
  const oldest = at - MAX_BEHIND;
  const newest = at + MAX_AHEAD;

  /** The reference sees only once it commits what the samples of one scrape do to each other. */
  function fits(labels: Labels, timestamp: Milliseconds, value: number, counter: Counter): boolean {
    if (fitsCommitted(appendable, labels, timestamp, value)) return true;
    counter.inc();
    return false;
  }

  function append(labels: Labels, timestamp: Milliseconds, value: number): boolean {
    const isWithin = timestamp >= oldest && timestamp <= newest;
    const outcome = isWithin ? appender.append(labels, timestamp, value) : 'out-of-bounds';
    switch (outcome) {
      case 'appended':
      case 'duplicate':
        return true;
      case 'duplicate-other-value':
        return fits(labels, timestamp, value, metrics.duplicate);
      case 'out-of-order':
        return fits(labels, timestamp, value, metrics.outOfOrder);
      case 'out-of-bounds':
        metrics.outOfBounds.inc();
        return false;
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
      const isTaken = append(labels, timestamp, value);
      if (isTaken && exemplar) {
        const placed = { ...exemplar, timestamp: exemplar.timestamp ?? timestamp };
        countExemplar(appender.appendExemplar(labels, placed));
      }
      return isTaken;
    },
    writeStart(labels, start, timestamp) {
      if (start >= oldest && start < timestamp) appender.append(labels, start, 0);
    },
  };
}
