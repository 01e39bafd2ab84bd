import type { Milliseconds, Ratio, Seconds } from '../core/index.ts';
import { toSeconds } from '../core/index.ts';
import { budgetEvents, errorRatioThreshold, type Objective } from './budget.ts';
import { intersection, type Span, type Stretch, spansAbove } from './course.ts';
import type { BurnTier, Policy, Severity } from './policies/policy.ts';

export interface Trial extends Objective {
  /** Scaled to the objective's window. */
  readonly policy: Policy;
  /** Which of its alerts are judged. */
  readonly severity: Severity;
  /** What happens, after as much healthy traffic as the longest window; the last stretch goes on for ever. */
  readonly course: readonly Stretch[];
  /** An incident that spends at least this share of the budget is significant. */
  readonly significantShare: Ratio;
}

/** Failures without a pause between them. */
export interface Incident extends Span {
  /** Share of the window's budget that it spends, at the mean rate of the course. */
  readonly budgetShare: Ratio;
  readonly significant: boolean;
  /** From its start until an alert fires; undefined when none does before it ends. */
  readonly detectedAfter: Seconds | undefined;
  /** From its end until the alert is over; undefined when there is none, or it never ends. */
  readonly resetAfter: Seconds | undefined;
}

export interface Verdict {
  readonly incidents: readonly Incident[];
  /** When at least one of the judged alerts fires, in seconds after the course's start. */
  readonly alerts: readonly (Span & { readonly significant: boolean })[];
  /** Share of the alerts that were for a significant incident; undefined without alerts. */
  readonly precision: Ratio | undefined;
  /** Share of the significant incidents that were detected; undefined without any. */
  readonly recall: Ratio | undefined;
}

/**
 * Precision, recall, detection and reset time of a policy over a course of errors, as the SRE Workbook defines them
 * (chapter 5, "Alerting Considerations"): of the alerts, how many were for a significant event; of the significant
 * events, how many were detected. Continuous sampling and evaluation: the hops of a pipeline come on top.
 */
export function judgePolicy(trial: Trial): Verdict {
  const { policy, severity, objective } = trial;
  const tiers = policy.tiers.filter(tier => tier.severity === severity);
  const history = Math.max(0, ...tiers.map(({ longWindow }) => toSeconds(longWindow)));
  const course: Stretch[] = [{ ...trial.course[0]!, seconds: history, errorRatio: 0 }, ...trial.course];
  const firing = union(tiers.flatMap(tier => firingSpans(course, objective, tier))).map(
    ({ from, to }): Span => ({ from: from - history, to: to - history }),
  );
  const incidents = incidentsOf(trial).map(incident => judged(incident, firing));
  const alerts = firing.map(span => ({
    ...span,
    // The incident of which it still saw failures when it began.
    significant: incidents.some(
      ({ significant, from, to }) => significant && from < span.from && to > span.from - history,
    ),
  }));
  const significant = incidents.filter(incident => incident.significant);
  return {
    incidents,
    alerts,
    precision: share(alerts, alert => alert.significant),
    recall: share(significant, ({ detectedAfter }) => detectedAfter !== undefined),
  };
}

/** When a tier's alert fires over a course: both windows above the threshold for as long as `for` says. */
export function firingSpans(course: readonly Stretch[], objective: Ratio, tier: BurnTier): Span[] {
  const threshold = errorRatioThreshold(objective, tier.burn);
  const windows: Milliseconds[] = [tier.shortWindow, tier.longWindow];
  const [short, long] = windows.map(window => spansAbove(course, window, threshold)) as [Span[], Span[]];
  return intersection(short, long)
    .map(({ from, to }) => ({ from: from + toSeconds(tier.for), to }))
    .filter(({ from, to }) => from < to);
}

type Found = Pick<Incident, 'from' | 'to' | 'budgetShare' | 'significant'>;

function incidentsOf({ course, significantShare, ...objective }: Trial): Found[] {
  const seconds = course.reduce((sum, stretch) => sum + stretch.seconds, 0);
  const events = course.reduce((sum, { seconds: length, rate = 1 }) => sum + length * rate, 0);
  const budget = budgetEvents(objective, events / seconds);
  const incidents: { from: Seconds; to: Seconds; failures: number }[] = [];
  let now = 0;
  for (const { seconds: length, errorRatio, rate = 1 } of course) {
    const failures = errorRatio * rate * length;
    const last = incidents.at(-1);
    if (failures > 0 && last?.to === now) {
      last.to = now + length;
      last.failures += failures;
    } else if (failures > 0) incidents.push({ from: now, to: now + length, failures });
    now += length;
  }
  return incidents.map(({ from, to, failures }) => ({
    from,
    to,
    budgetShare: failures / budget,
    significant: failures / budget >= significantShare,
  }));
}

function judged(incident: Found, firing: readonly Span[]): Incident {
  const alerts = firing.filter(({ from, to }) => from < incident.to && to > incident.from);
  const end = alerts.at(-1)?.to;
  return {
    ...incident,
    detectedAfter: alerts[0] && Math.max(0, alerts[0].from - incident.from),
    resetAfter: end !== undefined && Number.isFinite(end) ? Math.max(0, end - incident.to) : undefined,
  };
}

function union(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last && span.from <= last.to) result[result.length - 1] = { ...last, to: Math.max(last.to, span.to) };
    else result.push(span);
  }
  return result;
}

const share = <T>(list: readonly T[], holds: (item: T) => boolean): Ratio | undefined =>
  list.length === 0 ? undefined : list.filter(holds).length / list.length;
