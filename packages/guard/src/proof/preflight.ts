import { type Problem, UserError } from '../core/index.ts';
import { drillError } from './codes.ts';
import type { Diagnosis } from './diagnose.ts';
import type { Drill } from './drill-file.ts';
import type { Endpoints } from './endpoints.ts';
import type { Http } from './http.ts';
import { findKnownBreak, type Patience } from './known-break.ts';
import { isOfSlo } from './series.ts';
import type { FaultState, PromAlert, ReceivedNotification } from './stack-answers.ts';
import type { StackClient } from './stack-client.ts';

/** What was there before the drill. */
export interface Before {
  /** Whether a notification came after the drill began. */
  readonly isNew: (notification: ReceivedNotification) => boolean;
  /** Names in `never` that no alert rule has. */
  readonly unknownNever: readonly string[];
}

/** The parts that a drill needs, and the hop that is broken where one does not answer. */
const PARTS = {
  gateway: ['the gateway', 'drill → gateway'],
  backend: ['the backend', 'drill → backend'],
  prometheus: ['Prometheus', 'gateway → metrics store'],
  alertmanager: ['Alertmanager', 'alert rule → Alertmanager'],
  receiver: ['the receiver', 'Alertmanager → receiver'],
} as const;

/**
 * Checks that every part answers, that each hop is there, and that nothing is wrong already.
 *
 * @returns what was there before, or the hop that is known to be broken
 * @throws UserError with every part that does not answer; `drill-fault-active`, `drill-alert-active`
 */
export async function preflight(
  client: StackClient,
  http: Http,
  endpoints: Endpoints,
  drill: Drill,
  patience: Patience,
): Promise<Before | Diagnosis> {
  const [fault, notifications] = await allOrEveryProblem([
    of('backend', client.faultState()),
    of('receiver', client.notifications()),
    of('prometheus', client.targets()),
    of('alertmanager', client.routedAlerts()),
    of('gateway', http.getText(`${endpoints.gateway}${drill.traffic.path}`)),
  ]);
  // Before the alerts are looked at: what is broken for long has alerts of its own.
  const broken = await findKnownBreak(client, drill, patience);
  if (broken !== undefined) return broken;
  refuseActiveFault(fault);
  const [alerts, groups] = await Promise.all([client.alerts(), client.ruleGroups()]);
  refuseActiveAlert(alerts, drill);
  const loaded = new Set(
    groups.flatMap(({ rules }) => rules.filter(({ type }) => type === 'alerting').map(({ name }) => name)),
  );
  const known = new Set(notifications.map(identityOf));
  return {
    isNew: notification => !known.has(identityOf(notification)),
    unknownNever: drill.never.filter(name => !loaded.has(name)),
  };
}

/** Names the part, and the hop, in the problems of a request to it. */
async function of<T>(part: keyof typeof PARTS, request: Promise<T>): Promise<T> {
  try {
    return await request;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const [name, hop] = PARTS[part];
    const [first, ...rest] = error.problems.map(problem => ({
      ...problem,
      message: `broken hop: ${hop}: ${name} does not answer: ${problem.message}`,
    }));
    throw first === undefined ? error : UserError.ofProblems([first, ...rest]);
  }
}

/** As Promise.all, but waits for all and tells every UserError at once. */
async function allOrEveryProblem<T extends readonly unknown[]>(
  promises: readonly [...{ [K in keyof T]: Promise<T[K]> }],
): Promise<T> {
  const results = await Promise.allSettled(promises);
  const errors = results
    .filter(({ status }) => status === 'rejected')
    .map(result => (result as PromiseRejectedResult).reason as unknown);
  const problems = errors.flatMap((error): readonly Problem[] => {
    if (error instanceof UserError) return error.problems;
    throw error;
  });
  const [first, ...rest] = problems;
  if (first !== undefined) throw UserError.ofProblems([first, ...rest]);
  return results.map(result => (result as PromiseFulfilledResult<unknown>).value) as unknown as T;
}

function refuseActiveFault({ mode }: FaultState): void {
  if (mode === 'none') return;
  throw drillError('drill-fault-active', `a fault is active already: mode ${mode}`, {
    remedy: 'reset it first: POST {"mode":"none"} to /admin/failmode of the backend',
  });
}

function refuseActiveAlert(alerts: readonly PromAlert[], drill: Drill): void {
  const active = alerts.find(({ labels }) => {
    const name = labels.alertname ?? '';
    return (
      drill.never.includes(name) ||
      ('page' in drill.expect && drill.expect.page === name && isOfSlo(labels, drill))
    );
  });
  if (active === undefined) return;
  throw drillError(
    'drill-alert-active',
    `${active.labels.alertname} is ${active.state} before the drill began`,
    { remedy: 'wait until it has resolved, or run the drill on a fresh stack (--fresh-stack)' },
  );
}

/** One status of one incident, as the receiver lists it. */
const identityOf = ({ labels, status, firstReceivedAt }: ReceivedNotification): string =>
  JSON.stringify([Object.entries(labels).sort(), status, firstReceivedAt]);
