import type { Clock, Labels, Milliseconds } from '../core/index.ts';
import {
  type Appendable,
  type Appender,
  type AppendOutcome,
  type Exemplar,
  fitsCommitted,
} from '../promql/storage.ts';

/** A sample's value; the staleness marker passes through no number. */
export type SampleValue = number | 'stale';

/** Where translated samples go: one transaction, or several one after another. */
export interface SampleSink {
  /** Gives the reason where the sample is not taken. Exemplars come with the sample, oldest first. */
  append(
    labels: Labels,
    timestamp: Milliseconds,
    value: SampleValue,
    exemplars?: readonly Exemplar[],
  ): string | undefined;
  /** Exemplars that were out of order. */
  readonly exemplarsOutOfOrder: number;
  /** Samples since the last commit. */
  readonly pending: number;
  /** Makes what was appended durable; what is appended later is another transaction. @throws UserError `store-read-only` */
  commit(): void;
  rollback(): void;
}

/** How far ahead of the clock a sample may be (storage/remote/write_handler.go `maxAheadTime`). */
const MAX_AHEAD_MS = 600_000;

export function createSampleSink(appendable: Appendable, clock: Clock): SampleSink {
  let appender: Appender = appendable.appender();
  const appended = new Set<string>();
  let pending = 0;
  let exemplarsOutOfOrder = 0;
  const latest = clock.now() + MAX_AHEAD_MS;

  /** What its own transaction has overtaken is dropped without a word, as in Prometheus. */
  function isOvertakenByOwn(labels: Labels, timestamp: Milliseconds, value: SampleValue): boolean {
    return appended.has(labels.key) && fitsCommitted(appendable, labels, timestamp, value);
  }

  function appendExemplars(labels: Labels, exemplars: readonly Exemplar[]): void {
    for (const exemplar of exemplars) {
      if (exemplar.timestamp > latest) continue;
      if (appender.appendExemplar(labels, exemplar) === 'out-of-order') exemplarsOutOfOrder++;
    }
  }

  return {
    append(labels, timestamp, value, exemplars = []) {
      if (timestamp > latest) return 'out of bounds: timestamp is too far in the future';
      pending++;
      const outcome =
        value === 'stale'
          ? appender.appendStale(labels, timestamp)
          : appender.append(labels, timestamp, value);
      if (outcome === 'appended') appended.add(labels.key);
      else if (outcome !== 'duplicate' && !isOvertakenByOwn(labels, timestamp, value))
        return REASONS[outcome](timestamp, value);
      if (value !== 'stale') appendExemplars(labels, exemplars);
      return undefined;
    },
    get pending() {
      return pending;
    },
    get exemplarsOutOfOrder() {
      return exemplarsOutOfOrder;
    },
    commit() {
      appender.commit();
      appender = appendable.appender();
      appended.clear();
      pending = 0;
    },
    rollback: () => appender.rollback(),
  };
}

type Refusal = Exclude<AppendOutcome, 'appended' | 'duplicate'>;

/** As Prometheus words them (storage/interface.go, storage/errors.go); the limit is ours. */
const REASONS: Readonly<Record<Refusal, (timestamp: Milliseconds, value: SampleValue) => string>> = {
  'out-of-order': () => 'out of order sample',
  'out-of-bounds': () => 'out of bounds',
  'duplicate-other-value': (timestamp, value) =>
    `duplicate sample for timestamp ${timestamp}; overrides not allowed: new value ${value}`,
  'series-limit': () => 'the store holds as many series as it is allowed to (limit maxSeries)',
};
