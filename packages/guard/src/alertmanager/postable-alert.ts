import { Labels, type Milliseconds } from '../core/index.ts';
import type { Alert } from './alert.ts';

/** An alert as a sender gives it (`POST /api/v2/alerts`, times already read). */
export interface PostableAlert {
  /** Empty values are dropped. At least one label must be left. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Now, or `endsAt` where that is given, when missing. */
  readonly startsAt?: Milliseconds | undefined;
  /** Now and the resolve timeout when missing. */
  readonly endsAt?: Milliseconds | undefined;
  readonly generatorUrl?: string;
}

/** What became of a batch. */
export interface PutResult {
  /** How many were taken. */
  readonly accepted: number;
  /** The ones refused, with Alertmanager's words, by their place in the batch. */
  readonly invalid: ReadonlyArray<{ readonly index: number; readonly message: string }>;
  /** False when the disk refused: the alerts are routed, but a crash would lose them until they are sent again. */
  readonly durable: boolean;
}

/** What holds for a batch of alerts. */
export interface AcceptContext {
  readonly now: Milliseconds;
  readonly resolveTimeout: Milliseconds;
  /** The alert that is in memory already; the new one shares its texts where they are the same. */
  known(fingerprint: string): Alert | undefined;
}

/** Fills in times and checks; the message when it cannot be an alert. */
export function acceptAlert(
  { labels: record, annotations = {}, startsAt: start, endsAt: end, generatorUrl = '' }: PostableAlert,
  { now, resolveTimeout, known }: AcceptContext,
): Alert | { invalid: string } {
  const startsAt = start ?? end ?? now;
  const endsAt = end ?? now + resolveTimeout;
  if (endsAt < startsAt) return { invalid: 'start time must be before end time' };
  const labels = Labels.of(record);
  if (labels.size === 0) return { invalid: 'at least one label pair required' };
  if (labels.flat[0] === '') return { invalid: 'invalid label set: invalid name ""' };
  if ('' in annotations) return { invalid: 'invalid annotations: invalid name ""' };
  const fingerprint = labels.fingerprint();
  const before = known(fingerprint);
  return {
    fingerprint: before?.fingerprint ?? fingerprint,
    labels: before?.labels ?? labels,
    annotations: before?.annotations.isAllOf(annotations) ? before.annotations : Labels.ofAll(annotations),
    generatorUrl: before?.generatorUrl === generatorUrl ? before.generatorUrl : generatorUrl,
    startsAt,
    endsAt,
    updatedAt: now,
    timeout: end === undefined,
  };
}
