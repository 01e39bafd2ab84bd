import { type Clock, type Milliseconds, messageOf, UserError } from '../core/index.ts';
import { type Baseline, healthyHistory, readBaseline } from './baseline.ts';
import { drillError, failure } from './codes.ts';
import { brokenHop, type Diagnosis } from './diagnose.ts';
import type { Drill } from './drill-file.ts';
import type { Endpoints } from './endpoints.ts';
import { createFault, type Fault } from './fault.ts';
import { createHttp, type Http } from './http.ts';
import { GRACE, provePage } from './page-proof.ts';
import type { FaultCourse } from './predict.ts';
import { type Before, preflight } from './preflight.ts';
import { type DrillReport, type Figure, isKept, type Outcome } from './report-model.ts';
import { proveSilence } from './silence-proof.ts';
import { createStackClient, type StackClient } from './stack-client.ts';
import { errorsNow, failureCounts, type ProbeContext } from './stages.ts';
import { proveTraces, type TraceProof } from './traces.ts';
import { startTraffic, type Traffic } from './traffic.ts';

export interface DrillOptions {
  readonly endpoints: Endpoints;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told as the drill goes on, a sentence each. */
  readonly onProgress: (message: string) => void;
}

/** How long series of the SLO may take to appear on a stack that has just started. */
const READY_WITHIN: Milliseconds = 30_000;
const READY_PAUSE: Milliseconds = 1000;

/**
 * Runs one drill: steady state, fault, page, recovery, all-clear; or a fault that must stay silent. The fault is
 * removed whatever happens, and where the process dies its lease ends it.
 *
 * @throws UserError when the stack is not fit for the drill (`drill-unreachable`, `drill-bad-answer`,
 * `drill-fault-active`, `drill-alert-active`, `drill-series-missing`, `drill-not-steady`, `drill-fault-refused`); the
 * signal's reason when aborted. A hop that is known to be broken is no error: the report names it, and no fault is set.
 */
export async function runDrill(drill: Drill, options: DrillOptions): Promise<DrillReport> {
  const { clock, signal } = options;
  const http = createHttp(clock, signal);
  const cleanupHttp = createHttp(clock);
  try {
    return await runWith({ http, cleanupHttp }, drill, options);
  } finally {
    await Promise.all([http.close(), cleanupHttp.close()]);
  }
}

/** The requests of a drill, and those that go on after Ctrl-C. */
interface Requests {
  readonly http: Http;
  readonly cleanupHttp: Http;
}

async function runWith(
  { http, cleanupHttp }: Requests,
  drill: Drill,
  options: DrillOptions,
): Promise<DrillReport> {
  const { endpoints, clock, signal, onProgress } = options;
  const startedAt = clock.now();
  const startedMonotonic = clock.monotonic();
  const client = createStackClient(endpoints, http);
  const fault = createFault({
    clock,
    drill,
    client,
    cleanupClient: createStackClient(endpoints, cleanupHttp),
    atMost: 'page' in drill.expect ? drill.expect.within + GRACE : drill.expect.silent_for,
  });
  const reportOf = (outcome: Outcome): DrillReport => ({
    drill: drill.name,
    passed: outcome.failures.length === 0,
    startedAt,
    durationSeconds: (clock.monotonic() - startedMonotonic) / 1000,
    ...outcome,
  });
  const before = await orAbortReason(signal, preflight(client, http, endpoints, drill, options));
  if ('hop' in before) return reportOf(brokenBefore(before));
  const baseline = await whenReady(options, () => readBaseline(client, drill));
  const traffic = startTraffic({
    url: `${endpoints.gateway}${drill.traffic.path}`,
    requestsPerSecond: drill.traffic.requests_per_second,
    slowAfter: drill.traffic.slow_after,
    clock,
  });
  let outcome: Outcome;
  let removalProblem: string | undefined;
  try {
    const steady: Steady = { client, drill, traffic, baseline, before, fault };
    outcome = await orAbortReason(signal, prove(steady, options, startedAt));
  } finally {
    removalProblem = await fault.remove();
    if (removalProblem !== undefined) onProgress(removalProblem);
    await traffic.stop();
  }
  const failures = [
    ...outcome.failures,
    ...outcome.figures.filter(figure => !isKept(figure)).map(overBound),
    ...(removalProblem === undefined || outcome.failures.includes(removalProblem) ? [] : [removalProblem]),
  ];
  return reportOf({ ...outcome, failures });
}

/** No fault is set where no page can come. */
const brokenBefore = (diagnosis: Diagnosis): Outcome => ({
  phases: [],
  figures: [],
  failures: [brokenHop(`"${diagnosis.stage}" cannot come`, diagnosis)],
  diagnosis,
  notes: ['no fault was set: the hop is broken already'],
});

/** What is there once the load runs. */
interface Steady {
  readonly client: StackClient;
  readonly drill: Drill;
  readonly traffic: Traffic;
  readonly baseline: Baseline;
  readonly before: Before;
  readonly fault: Fault;
}

async function prove(steady: Steady, options: DrillOptions, since: Milliseconds): Promise<Outcome> {
  const { client, drill, traffic, baseline, before, fault } = steady;
  const { endpoints, clock, signal, onProgress } = options;
  onProgress(
    `steady state: ${drill.traffic.requests_per_second} requests/s for ${drill.steady_state.duration / 1000} s`,
  );
  await clock.sleep(drill.steady_state.duration, signal);
  checkSteady(traffic);
  const course = await courseOf(steady);
  const context: ProbeContext = {
    client,
    drill,
    traffic,
    alert: baseline.alert,
    errorsBefore: await errorsNow(client, drill),
    failedBefore: await failureCounts(client),
    isNew: before.isNew,
  };
  traffic.resetCounts();
  const proof = { clock, signal, onProgress, context, fault, course };
  const outcome =
    'page' in drill.expect
      ? await provePage({ ...proof, expect: drill.expect })
      : await proveSilence({ ...proof, expect: drill.expect });
  const traces: TraceProof = drill.traces
    ? await proveTraces(drill.traces, { clock, signal, client, endpoints, since })
    : { notes: [], failures: [] };
  const failures = [...outcome.failures, ...(await unwantedPages(steady)), ...traces.failures];
  return {
    ...outcome,
    failures,
    notes: [...outcome.notes, ...traces.notes],
    // The first broken hop of the page stands before that of the trace, which its failure names too.
    diagnosis: outcome.diagnosis ?? traces.diagnosis,
  };
}

async function courseOf({ client, drill, baseline }: Steady): Promise<FaultCourse> {
  return {
    baseline,
    healthySeconds: await healthyHistory(client, drill, baseline.alert.longWindow),
    errorRatio: drill.fault.bad_ratio,
    requestsPerSecond: drill.traffic.requests_per_second,
  };
}

function checkSteady(traffic: Traffic): void {
  const { sent, failed, unanswered, lastError } = traffic.counts();
  if (failed + unanswered === 0) return;
  const why = lastError === undefined ? '' : ` (${lastError})`;
  throw drillError(
    'drill-not-steady',
    `${failed + unanswered} of ${sent} requests failed before any fault was injected${why}`,
    { remedy: 'a drill starts from a service that works: repair it first, or use --fresh-stack' },
  );
}

/** What `never` forbids: pages that came, and names that could not have come. */
async function unwantedPages({ client, drill, before }: Steady): Promise<string[]> {
  const unknown = before.unknownNever.map(name =>
    failure(
      'never-unknown',
      `${name} is under \`never\`, and no alert rule has that name: its silence proves nothing`,
    ),
  );
  try {
    const fresh = (await client.notifications()).filter(before.isNew);
    const names = new Set(fresh.map(({ labels }) => labels.alertname));
    const came = drill.never.filter(name => names.has(name));
    return [
      ...unknown,
      ...came.map(name => failure('page-unwanted', `${name} was delivered, and must not be`)),
    ];
  } catch (error) {
    const what = `the receiver does not tell whether something unwanted came: ${messageOf(error)}`;
    return [...unknown, failure('receiver-unanswered', what)];
  }
}

const overBound = ({ name, measured, bound, why }: Figure): string =>
  failure('bound-broken', `${name} took ${measured.toFixed(1)} s, bound ${bound.toFixed(1)} s (${why})`);

/** An aborted request fails in many ways; what the caller must see is the abort. */
async function orAbortReason<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

/** A fresh stack needs a few evaluations until its metadata series are there. */
async function whenReady<T>({ clock, signal, onProgress }: DrillOptions, task: () => Promise<T>): Promise<T> {
  const until = clock.monotonic() + READY_WITHIN;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await task();
    } catch (error) {
      signal.throwIfAborted();
      const mayCome = error instanceof UserError && error.code === 'drill-series-missing';
      if (!mayCome || clock.monotonic() > until) throw error;
      if (attempt === 1) onProgress('waiting for the first evaluation of the rules');
      await clock.sleep(READY_PAUSE, signal);
    }
  }
}
