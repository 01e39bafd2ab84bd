import type { Labels } from '../../core/index.ts';
import { parseExposition } from '../../exposition/index.ts';
import type { RouterAlert } from './answers.ts';

/** What a real Alertmanager has counted so far of one integration, of one receiver where it tells them apart. */
export interface Count {
  /** `webhook` */
  readonly integration: string;
  readonly receiver?: string;
  /** Attempts that succeeded. */
  readonly sent: number;
  /** Attempts that failed; others may follow. */
  readonly failedAttempts: number;
  /** Notifications given up. */
  readonly failed: number;
}

/** The kinds of integration that each receiver has. */
export type ReceiverKinds = ReadonlyMap<string, ReadonlySet<string>>;

/** Reads the counters of `/metrics`. alertmanager_notifications_total is of no use: it counts before an attempt ends. */
export function readCounts(metrics: string): Count[] {
  const { series } = parseExposition('text/plain', Buffer.from(metrics), { fallback: 'text' });
  const attempts = sumsOf(series, 'alertmanager_notification_requests_total');
  const failedAttempts = sumsOf(series, 'alertmanager_notification_requests_failed_total');
  const failed = sumsOf(series, 'alertmanager_notifications_failed_total');
  return [...attempts].map(([key, total]) => {
    const [integration, receiver] = JSON.parse(key) as [string, string];
    const unsuccessful = failedAttempts.get(key) ?? 0;
    return {
      integration,
      ...(receiver !== '' && { receiver }),
      sent: total - unsuccessful,
      failedAttempts: unsuccessful,
      failed: failed.get(key) ?? 0,
    };
  });
}

/** The sums of a counter by integration and receiver, which the keys are as JSON. */
function sumsOf(
  series: readonly { readonly labels: Labels; readonly value: number }[],
  counter: string,
): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { labels, value } of series.filter(each => each.labels.metricName === counter)) {
    const key = JSON.stringify([labels.get('integration'), labels.get('receiver_name')]);
    sums.set(key, (sums.get(key) ?? 0) + value);
  }
  return sums;
}

/** What counters say: nothing yet, or a verdict. */
export type CounterVerdict =
  | { readonly kind: 'waiting'; readonly reason: string }
  | { readonly kind: 'arrived' | 'failed' | 'unknown'; readonly reason: string };

export interface CounterQuestion {
  readonly before: readonly Count[];
  readonly now: readonly Count[];
  readonly kinds: ReceiverKinds;
  /** Those of which one must have got the page. */
  readonly wanted: readonly string[];
}

const HINT = 'start it with --enable-feature=receiver-name-in-metrics to have them told apart';

/** Whether one of the wanted receivers got something since, as far as the counters can tell. */
export function judgeCounts({ before, now, kinds, wanted }: CounterQuestion): CounterVerdict {
  const own = new Set(wanted.flatMap(name => [...(kinds.get(name) ?? [])]));
  if (own.size === 0 && wanted.every(name => kinds.has(name)))
    return { kind: 'failed', reason: `${wanted.join(', ')} has no configurations` };
  const isOwn = ({ integration, receiver }: Count) =>
    receiver === undefined ? own.has(integration) : wanted.includes(receiver);
  const sum = (counts: readonly Count[], field: 'sent' | 'failed' | 'failedAttempts') =>
    counts.filter(isOwn).reduce((total, each) => total + each[field], 0);
  const since = (field: 'sent' | 'failed' | 'failedAttempts') => sum(now, field) - sum(before, field);
  const others = now.some(({ receiver }) => receiver !== undefined) ? [] : sharing(kinds, own, wanted);
  const of = others.length === 0 ? wanted.join(' or ') : [...wanted, ...others].join(' or ');
  if (since('sent') > 0)
    return others.length === 0
      ? { kind: 'arrived', reason: `the router counts a notification to ${of} since` }
      : { kind: 'unknown', reason: `the router counts a notification since, to ${of}: ${HINT}` };
  if (since('failed') > 0)
    return others.length === 0
      ? { kind: 'failed', reason: `the router counts a notification to ${of} that failed` }
      : { kind: 'unknown', reason: `the router counts one that failed since, to ${of}: ${HINT}` };
  const attempts = since('failedAttempts');
  const reason =
    attempts > 0
      ? `the router counts ${attempts} failed attempts to notify ${of}`
      : `the router counts no notification to ${of} since`;
  return { kind: 'waiting', reason };
}

/** Other receivers whose notifications the same counters count. */
const sharing = (kinds: ReceiverKinds, own: ReadonlySet<string>, wanted: readonly string[]) =>
  [...kinds]
    .filter(([name, others]) => !wanted.includes(name) && [...others].some(kind => own.has(kind)))
    .map(([name]) => name);

/** The receivers of which one must have got the page: the one that is asked for, or all of the route. */
export const wantedOf = ({ receivers }: RouterAlert, receiver: string | undefined): readonly string[] =>
  receiver === undefined ? receivers.map(({ name }) => name) : [receiver];
