import { type Labels, type Milliseconds, UserError, unreachable } from '../core/index.ts';
import type { SampleEntry } from '../exposition/index.ts';
import type { Appender } from '../promql/index.ts';
import type { ScrapeMetrics } from './metrics.ts';

export interface SampleWriterOptions {
  readonly appender: Appender;
  readonly metrics: ScrapeMetrics;
  /** The scrape's timestamp. */
  readonly at: Milliseconds;
}

/** Appends the samples of a scrape, and counts those that the store refuses. */
export interface SampleWriter {
  /** Whether the sample is stored now. @throws UserError `series-limit` */
  write(labels: Labels, timestamp: Milliseconds, entry: SampleEntry): boolean;
}

/** Timestamps further in the future are refused (scrape.go maxAheadTime). */
const MAX_AHEAD = 600_000;
/** Those further back too: half a block of Prometheus's head (tsdb/head_append.go appendableMinValidTime). */
export const MAX_BEHIND = 3_600_000;

export function createSampleWriter({ appender, metrics, at }: SampleWriterOptions): SampleWriter {
  const isOutOfBounds = (timestamp: Milliseconds) =>
    timestamp > at + MAX_AHEAD || timestamp < at - MAX_BEHIND;

  function append(labels: Labels, timestamp: Milliseconds, value: number): boolean {
    const outcome = isOutOfBounds(timestamp) ? 'out-of-bounds' : appender.append(labels, timestamp, value);
    switch (outcome) {
      case 'appended':
      case 'duplicate':
        return true;
      case 'duplicate-other-value':
        metrics.duplicate.inc();
        return false;
      case 'out-of-order':
        metrics.outOfOrder.inc();
        return false;
      case 'out-of-bounds':
        metrics.outOfBounds.inc();
        return false;
      case 'series-limit':
        throw new UserError('series-limit', 'the store holds as many series as it is allowed to');
      default:
        return unreachable(outcome);
    }
  }

  return {
    write(labels, timestamp, { value, exemplar }) {
      const isStored = append(labels, timestamp, value);
      if (isStored && exemplar) {
        appender.appendExemplar(labels, { ...exemplar, timestamp: exemplar.timestamp ?? timestamp });
      }
      return isStored;
    },
  };
}
