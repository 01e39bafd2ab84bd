import { type Problem, UserError } from '../core/index.ts';
import type { Drill } from './drill-file.ts';
import type { Endpoints } from './endpoints.ts';
import type { Http } from './http.ts';
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

/**
 * Checks that every part answers and that nothing is wrong already.
 *
 * @throws UserError with every part that does not answer; `drill-fault-active`, `drill-alert-active`
 */
export async function preflight(
  client: StackClient,
  http: Http,
  endpoints: Endpoints,
  drill: Drill,
): Promise<Before> {
  const [fault, alerts, notifications, groups] = await allOrEveryProblem([
    client.faultState(),
    client.alerts(),
    client.notifications(),
    client.ruleGroups(),
    client.routedAlerts(),
    http.getText(`${endpoints.gateway}${drill.traffic.path}`),
  ]);
  refuseActiveFault(fault);
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
  throw new UserError('drill-fault-active', `a fault is active already: mode ${mode}`, {
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
  throw new UserError(
    'drill-alert-active',
    `${active.labels.alertname} is ${active.state} before the drill began`,
    { remedy: 'wait until it has resolved, or run the drill on a fresh stack (--fresh-stack)' },
  );
}

/** One status of one incident, as the receiver lists it. */
const identityOf = ({ labels, status, firstReceivedAt }: ReceivedNotification): string =>
  JSON.stringify([Object.entries(labels).sort(), status, firstReceivedAt]);
