import { type Clock, type Milliseconds, messageOf, type Seconds, UserError } from '../core/index.ts';
import type { Bounds } from '../slo/index.ts';
import { healthyHistory, readBaseline } from './baseline.ts';
import { type Diagnosis, diagnose } from './diagnose.ts';
import type { Drill } from './drill-file.ts';
import type { Endpoints } from './endpoints.ts';
import { type FaultCourse, predictDetectionStages, predictRecoveryStages } from './predict.ts';
import { createStackClient, type ReceivedNotification, type StackClient } from './stack-client.ts';
import { burnNow, DETECTION, errorsNow, PROBES, type ProbeContext, RECOVERY, type Stage } from './stages.ts';
import { startTraffic, type Traffic } from './traffic.ts';

/** One line of the verdict. Seconds since the first failing response, or since the fault was removed. */
export interface StageResult {
  readonly stage: Stage;
  readonly measured: Seconds | undefined;
  readonly predicted: Bounds;
}

export interface DrillReport {
  readonly drill: string;
  readonly passed: boolean;
  readonly detection: readonly StageResult[];
  readonly recovery: readonly StageResult[];
  /** Why it failed; empty when it passed. */
  readonly failures: readonly string[];
  readonly diagnosis: Diagnosis | undefined;
  /** Facts worth knowing beside the verdict. */
  readonly notes: readonly string[];
}

export interface DrillOptions {
  readonly endpoints: Endpoints;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told as the drill goes on, a sentence each. */
  readonly onProgress: (message: string) => void;
}

/** How often the stack is asked while a stage is awaited. */
const POLL_MS: Milliseconds = 200;
/** What a stage may come later than its bound before it is given up. */
const GRACE_MS: Milliseconds = 15_000;
/** How long series and rules may take to appear on a fresh stack. */
const READY_WITHIN_MS: Milliseconds = 60_000;

/**
 * Runs one drill: steady state, fault, page, recovery, all-clear; or a fault that must stay silent. The fault is
 * removed whatever happens.
 *
 * @throws UserError when the stack is not fit for the drill (unreachable part, fault already active, alert already firing)
 */
export async function runDrill(drill: Drill, options: DrillOptions): Promise<DrillReport> {
  const { endpoints, clock, signal, onProgress } = options;
  const client = createStackClient(endpoints);
  const known = await preflight(client, drill);
  const baseline = await retry(options, () => readBaseline(client, drill));
  const { requests_per_second: requestsPerSecond, path } = drill.traffic;
  const traffic = startTraffic({ url: `${endpoints.gateway}${path}`, requestsPerSecond, clock });
  try {
    onProgress(`steady state: ${requestsPerSecond} requests/s for ${drill.steady_state.duration / 1000} s`);
    await clock.sleep(drill.steady_state.duration, signal);
    checkSteady(traffic);
    const context: ProbeContext = {
      client,
      drill,
      traffic,
      alert: 'page' in drill.expect ? drill.expect.page : '',
      burnThreshold: baseline.alert.burn,
      errorsBefore: await errorsNow(client, drill),
      isNew: notification => !known.has(identityOf(notification)),
    };
    const course: FaultCourse = {
      baseline,
      healthySeconds: await healthyHistory(
        client,
        drill.counters.requests,
        baseline.alert.longWindow,
        requestsPerSecond,
      ),
      errorRatio: drill.fault.bad_ratio,
    };
    const outcome =
      'page' in drill.expect
        ? await provePage({ ...options, context, course, bounds: drill.expect })
        : await proveSilence({ ...options, context, bounds: drill.expect });
    const unwanted = await unwantedPages(client, drill, known);
    const failures = [...outcome.failures, ...unwanted.map(name => `${name} was delivered, and must not be`)];
    const notes = [...outcome.notes, ...(await traceNote(client, drill))];
    return { drill: drill.name, ...outcome, failures, notes, passed: failures.length === 0 };
  } finally {
    await client
      .setFault({ mode: 'none' })
      .catch(error => onProgress(`the fault could not be removed: ${messageOf(error)}`));
    await traffic.stop();
  }
}

type Outcome = Omit<DrillReport, 'drill' | 'passed'>;

interface ProofOptions<Bounds> extends DrillOptions {
  readonly context: ProbeContext;
  readonly bounds: Bounds;
}

interface PageProofOptions extends ProofOptions<{ within: Milliseconds; resolved_within: Milliseconds }> {
  readonly course: FaultCourse;
}

async function provePage(options: PageProofOptions): Promise<Outcome> {
  const { context, bounds, clock, onProgress } = options;
  await injectFault(context, onProgress);
  const injectedAt = clock.now();
  const detection = await watch(DETECTION, options, bounds.within + GRACE_MS);
  const firstFailure = context.traffic.counts().firstFailureAt ?? injectedAt;
  const detected = resultsOf(detection.seen, firstFailure, predictDetectionStages(options.course));
  const missing = DETECTION.find(stage => !detection.seen.has(stage));
  if (missing) return brokenAt(missing, context, { detection: detected, recovery: [] });

  await context.client.setFault({ mode: 'none' });
  const removedAt = clock.now();
  onProgress('fault removed');
  const recovery = await watch(RECOVERY, options, bounds.resolved_within + GRACE_MS);
  const recovered = resultsOf(
    recovery.seen,
    removedAt,
    predictRecoveryStages(options.course, (removedAt - firstFailure) / 1000),
  );
  const absent = RECOVERY.find(stage => !recovery.seen.has(stage));
  if (absent) return brokenAt(absent, context, { detection: detected, recovery: recovered });
  const failures = [
    ...lateness('page delivered', detected, bounds.within),
    ...lateness('resolve delivered', recovered, bounds.resolved_within),
  ];
  return { detection: detected, recovery: recovered, failures, diagnosis: undefined, notes: [] };
}

async function proveSilence(
  options: ProofOptions<{ silent_for: Milliseconds; burn_at_least: number }>,
): Promise<Outcome> {
  const { context, bounds, clock, signal, onProgress } = options;
  await injectFault(context, onProgress);
  const until = clock.monotonic() + bounds.silent_for;
  let highest = 0;
  while (clock.monotonic() < until) {
    highest = Math.max(highest, (await burnNow(context.client, context.drill).catch(() => undefined)) ?? 0);
    await clock.sleep(POLL_MS * 5, signal);
  }
  const visible = highest >= bounds.burn_at_least;
  return {
    detection: [],
    recovery: [],
    failures: visible
      ? []
      : [
          `the burn rate reached ${highest.toFixed(2)} only, not ${bounds.burn_at_least}: the silence proves nothing`,
        ],
    diagnosis: undefined,
    notes: [
      `burn rate over 5m reached ${highest.toFixed(2)}; ${context.traffic.counts().failed} requests failed`,
    ],
  };
}

async function brokenAt(
  stage: Stage,
  context: ProbeContext,
  results: Pick<Outcome, 'detection' | 'recovery'>,
): Promise<Outcome> {
  const diagnosis = await diagnose(stage, context);
  return {
    ...results,
    failures: [`"${stage}" did not come; broken hop: ${diagnosis.hop}`],
    diagnosis,
    notes: [],
  };
}

function lateness(stage: Stage, results: readonly StageResult[], bound: Milliseconds): string[] {
  const measured = results.find(result => result.stage === stage)?.measured ?? Number.POSITIVE_INFINITY;
  return measured * 1000 <= bound
    ? []
    : [`"${stage}" came after ${measured.toFixed(1)} s, bound ${bound / 1000} s`];
}

async function injectFault(
  { client, drill, traffic }: ProbeContext,
  onProgress: (message: string) => void,
): Promise<void> {
  const { bad_ratio: _, ...fault } = drill.fault;
  traffic.resetCounts();
  const state = await client.setFault(fault);
  onProgress(`fault active: ${state.mode}, error rate ${state.error_rate}`);
}

/** Asks for every stage again and again until all have come or the time is over; keeps each first sighting. */
async function watch(
  stages: readonly Stage[],
  options: ProofOptions<unknown>,
  limit: Milliseconds,
): Promise<{ seen: Map<Stage, Milliseconds> }> {
  const { clock, signal, context, onProgress } = options;
  const seen = new Map<Stage, Milliseconds>();
  const until = clock.monotonic() + limit;
  while (seen.size < stages.length && clock.monotonic() < until) {
    await Promise.all(
      stages
        .filter(stage => !seen.has(stage))
        .map(async stage => {
          // A part that does not answer now may answer at the next turn; if it never does, the stage is missing.
          if (!(await PROBES[stage](context).catch(() => false))) return;
          seen.set(stage, clock.now());
          onProgress(stage);
        }),
    );
    if (seen.size < stages.length) await clock.sleep(POLL_MS, signal);
  }
  return { seen };
}

function resultsOf(
  seen: ReadonlyMap<Stage, Milliseconds>,
  origin: Milliseconds,
  predictions: Readonly<Partial<Record<Stage, Bounds>>>,
): StageResult[] {
  return (Object.entries(predictions) as [Stage, Bounds][]).map(([stage, predicted]) => {
    const at = seen.get(stage);
    return { stage, predicted, measured: at === undefined ? undefined : Math.max(0, at - origin) / 1000 };
  });
}

function checkSteady(traffic: Traffic): void {
  const { sent, failed } = traffic.counts();
  if (failed > 0)
    throw new UserError(
      'drill-not-steady',
      `${failed} of ${sent} requests failed before any fault was injected`,
    );
}

/** @returns what the receiver had already */
async function preflight(client: StackClient, drill: Drill): Promise<Set<string>> {
  const [fault, alerts, notifications] = await Promise.all([
    client.faultState(),
    client.alerts(),
    client.notifications(),
    client.targets(),
    client.routerConfig(),
  ]);
  if (fault.mode !== 'none') {
    throw new UserError('drill-fault-active', `a fault is active already: mode ${fault.mode}`, {
      remedy: 'reset it first: POST {"mode":"none"} to /admin/failmode of the backend',
    });
  }
  const watched = new Set([...('page' in drill.expect ? [drill.expect.page] : []), ...drill.never]);
  const active = alerts.find(({ labels }) => watched.has(labels.alertname ?? ''));
  if (active) {
    throw new UserError(
      'drill-alert-active',
      `${active.labels.alertname} is ${active.state} before the drill began`,
      {
        remedy: 'wait until it has resolved, or run the drill on a fresh stack (--fresh-stack)',
      },
    );
  }
  return new Set(notifications.map(identityOf));
}

const identityOf = ({ labels, status, firstReceivedAt }: ReceivedNotification): string =>
  `${JSON.stringify(Object.entries(labels).sort())} ${status} ${firstReceivedAt}`;

async function unwantedPages(
  client: StackClient,
  drill: Drill,
  known: ReadonlySet<string>,
): Promise<string[]> {
  const never = new Set(drill.never);
  const fresh = (await client.notifications()).filter(notification => !known.has(identityOf(notification)));
  return [...new Set(fresh.map(({ labels }) => labels.alertname ?? ''))].filter(name => never.has(name));
}

async function traceNote(client: StackClient, drill: Drill): Promise<string[]> {
  const services = await client.tracedServices(drill.slo.service).catch(() => []);
  return services.length > 0 ? [`a trace joins ${services.join(' and ')}`] : [];
}

/** A fresh stack needs a few evaluations until its metadata series are there. */
async function retry<T>({ clock, signal }: DrillOptions, task: () => Promise<T>): Promise<T> {
  const until = clock.monotonic() + READY_WITHIN_MS;
  for (;;) {
    try {
      return await task();
    } catch (error) {
      if (clock.monotonic() > until) throw error;
      await clock.sleep(POLL_MS * 5, signal);
    }
  }
}
