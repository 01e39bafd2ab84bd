import type { Clock, Milliseconds } from '../../core/index.ts';
import type { Decision, RouterAlert } from './answers.ts';
import { type Count, judgeCounts, type ReceiverKinds, wantedOf } from './counters.ts';
import { withOthers } from './other-alerts.ts';
import type { PostedAlert, Router } from './router.ts';

/** The label that marks a test page; its value tells one test from another. */
export const TEST_LABEL = 'slo_guard_test';

export interface TestPageOptions {
  readonly router: Router;
  readonly clock: Clock;
  /** Those of the alert beside its mark. */
  readonly labels: Readonly<Record<string, string>>;
  /** The mark's value. */
  readonly id: string;
  /** The receiver that must get it; any one will do where it is left out. */
  readonly receiver?: string;
  readonly timeout: Milliseconds;
  readonly signal: AbortSignal;
}

export interface TestPageResult {
  readonly arrived: boolean;
  /** Whether the router could tell; where not, nothing is known of the arrival. */
  readonly isKnown: boolean;
  /** Why not, or how it is known. */
  readonly reason: string;
  /** Where the route leads. */
  readonly receivers: readonly string[];
  /** How the arrival was watched: by the alert's own history, or by the counters of a real Alertmanager. */
  readonly by: 'history' | 'counters';
  /** From posting to arrival, milliseconds. */
  readonly after?: number;
  readonly labels: Readonly<Record<string, string>>;
}

const POLL_MS: Milliseconds = 200;
/** What a test page outlives its sender by, should that be killed. */
const LEASE_MS: Milliseconds = 600_000;

/** Posts the alert, watches it until it has arrived, failed for certain or is late, and resolves it whatever happens. */
export async function sendTestPage(options: TestPageOptions): Promise<TestPageResult> {
  const { router, clock, id, timeout, signal } = options;
  const labels = { ...options.labels, [TEST_LABEL]: id };
  const before: Before = {
    counts: await router.counts(),
    kinds: await router.kinds(),
    alerts: await router.alerts(),
  };
  const startedAt = clock.now();
  const alert = alertOf(labels, startedAt);
  await router.post(alert);
  try {
    let last: Seen | undefined;
    while (!signal.aborted) {
      last = await look(options, before);
      const after = clock.now() - startedAt;
      if (last.verdict) return { ...last.verdict, ...(last.verdict.arrived && { after }), labels };
      if (after >= timeout) break;
      await clock.sleep(POLL_MS, signal).catch(() => {});
    }
    const { receivers = [], by = 'history', reason = 'the router does not know the alert' } = last ?? {};
    return {
      arrived: false,
      isKnown: true,
      reason: signal.aborted ? 'interrupted' : `it did not arrive in time: ${reason}`,
      receivers,
      by,
      labels,
    };
  } finally {
    await router.post({ ...alert, endsAt: new Date(clock.now()).toISOString() });
  }
}

const alertOf = (labels: Readonly<Record<string, string>>, now: Milliseconds): PostedAlert => ({
  labels,
  annotations: {
    summary: 'This is a test page: nothing is broken.',
    description: 'Sent by `slo-guard page` to see whether pages arrive. It is resolved by itself.',
  },
  startsAt: new Date(now).toISOString(),
  endsAt: new Date(now + LEASE_MS).toISOString(),
});

interface Seen {
  readonly receivers: readonly string[];
  readonly by: TestPageResult['by'];
  /** For what it waits. */
  readonly reason: string;
  readonly verdict?: Omit<TestPageResult, 'labels' | 'after'>;
}

/** What the router said before the page. */
interface Before {
  readonly counts: readonly Count[];
  readonly kinds: ReceiverKinds;
  readonly alerts: readonly RouterAlert[];
}

async function look({ router, receiver, id, clock }: TestPageOptions, before: Before): Promise<Seen> {
  const alert = await router.find(TEST_LABEL, id);
  if (!alert) return { receivers: [], by: 'history', reason: 'the router does not know the alert' };
  const receivers = alert.receivers.map(({ name }) => name);
  const decisions = await router.decisions(alert.fingerprint);
  const by = decisions ? 'history' : 'counters';
  const seen = (arrived: boolean, reason: string): Seen => ({
    receivers,
    by,
    reason,
    verdict: { arrived, isKnown: true, reason, receivers, by },
  });
  if (receiver !== undefined && !receivers.includes(receiver))
    return seen(false, `its route leads to ${receivers.join(', ')}, not to ${receiver}`);
  const muted = mutedBy(alert);
  if (muted) return seen(false, muted);
  if (decisions)
    return judgeHistory(decisions, receiver, seen) ?? { receivers, by, reason: waitingFor(decisions) };
  const wanted = wantedOf(alert, receiver);
  const counted = judgeCounts({
    before: before.counts,
    now: await router.counts(),
    kinds: before.kinds,
    wanted,
  });
  const { kind, reason } =
    counted.kind === 'arrived'
      ? withOthers(counted, {
          before: before.alerts,
          now: await router.alerts(),
          wanted,
          own: alert,
          at: clock.now(),
        })
      : counted;
  if (kind === 'waiting') return { receivers, by, reason };
  const isKnown = kind !== 'unknown';
  return { receivers, by, reason, verdict: { arrived: kind === 'arrived', isKnown, reason, receivers, by } };
}

function mutedBy({ status }: RouterAlert): string | undefined {
  if (status.silencedBy.length > 0) return `silenced by ${status.silencedBy.join(', ')}`;
  if (status.inhibitedBy.length > 0) return `inhibited by ${status.inhibitedBy.join(', ')}`;
  return status.mutedBy?.length ? `muted by ${status.mutedBy.join(', ')}` : undefined;
}

/** A decision of the wanted receiver; what mutes or fails is final, what is sent has arrived. */
function judgeHistory(
  decisions: readonly Decision[],
  receiver: string | undefined,
  seen: (arrived: boolean, reason: string) => Seen,
): Seen | undefined {
  const wanted = decisions.filter(each => receiver === undefined || each.receiver === receiver);
  const sent = wanted.find(({ decision }) => decision === 'sent');
  if (sent) return seen(true, `sent to ${sent.receiver}: ${sent.reason}`);
  const other = wanted.find(({ decision }) => decision !== 'sent');
  return other && seen(false, `${other.decision} to ${other.receiver}: ${other.reason}`);
}

const waitingFor = (decisions: readonly Decision[]) =>
  decisions.length === 0 ? 'nothing is decided about it yet' : 'the wanted receiver is not told yet';
