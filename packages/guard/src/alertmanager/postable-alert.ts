import { compareStrings, Labels, type Milliseconds } from '../core/index.ts';
import type { Alert } from './alert.ts';

/** An alert as a sender gives it (`POST /api/v2/alerts`, times already read). */
export interface PostableAlert {
  /** Empty values are dropped. At least one label must be left. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Now, or `endsAt` where that is given, when missing. */
  readonly startsAt?: Milliseconds;
  /** Now and the resolve timeout when missing. */
  readonly endsAt?: Milliseconds;
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

/** Fills in times and checks; the message when it cannot be an alert. */
export function acceptAlert(
  postable: PostableAlert,
  now: Milliseconds,
  resolveTimeout: Milliseconds,
): Alert | { invalid: string } {
  const labels = Labels.of(postable.labels);
  const startsAt = postable.startsAt ?? postable.endsAt ?? now;
  const timeout = postable.endsAt === undefined;
  const endsAt = postable.endsAt ?? now + resolveTimeout;
  const annotations = Object.entries(postable.annotations ?? {});
  const nameless = annotations.some(([name]) => name === '');
  if (endsAt < startsAt) return { invalid: 'start time must be before end time' };
  if (labels.size === 0) return { invalid: 'at least one label pair required' };
  if (labels.flat[0] === '') return { invalid: 'invalid label set: invalid name ""' };
  if (nameless) return { invalid: 'invalid annotations: invalid name ""' };
  return {
    fingerprint: labels.fingerprint(),
    labels,
    annotations: annotationLabels(annotations),
    generatorUrl: postable.generatorUrl ?? '',
    startsAt,
    endsAt,
    updatedAt: now,
    timeout,
  };
}

/** Annotations keep their empty values, unlike labels. */
const annotationLabels = (pairs: Array<[string, string]>): Labels =>
  Labels.fromSortedPairs(pairs.sort(([a], [b]) => compareStrings(a, b)));
