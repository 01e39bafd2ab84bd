/**
 * The console's API: what `/api/*` on the console port answers, as JSON. Instants are milliseconds since the Unix
 * epoch by the guard's clock; spans of time say their unit in their name. Absence is always `null`, never 0: a
 * value that nobody measured must not look like a good one.
 */

/** Whether something needs a person now (`page`) or in working hours (`ticket`). */
export type Severity = 'page' | 'ticket';

/** `GET /api/meta`: what this guard is, and what whoever watches it has to know first. */
export interface MetaAnswer {
  version: string;
  /** How much faster than the names say every interval and window runs; 1 when time is not scaled. */
  timeScale: number;
  startedAt: number;
  /** The guard's clock when it answered: ages are counted from it, since the browser's clock may differ. */
  now: number;
  links: StackLinks;
  /** Sentences for people, such as "alerts go nowhere"; each is shown on every page until it no longer holds. */
  warnings: string[];
  targets: ScrapeTarget[];
}

/** Addresses that a browser can open; null when this stack has no such part. */
export interface StackLinks {
  prometheus: string | null;
  alertmanager: string | null;
  jaeger: string | null;
  receiver: string | null;
  serviceA: string | null;
  serviceB: string | null;
}

/** One scraped endpoint. `unknown` until the first scrape has ended. */
export interface ScrapeTarget {
  job: string;
  instance: string;
  health: 'up' | 'down' | 'unknown';
  lastError: string | null;
  lastScrape: number | null;
}

/**
 * The worst that holds for an SLO, in this order: `firing`, `pending`, `no-data` (no burn rate of any window is
 * known), `ok`.
 */
export type SloState = 'ok' | 'pending' | 'firing' | 'no-data';

/** `GET /api/slos`: every loaded SLO, in the order of the rule files. */
export interface SlosAnswer {
  slos: SloSummary[];
}

/** One SLO as it stands now. */
export interface SloSummary {
  service: string;
  slo: string;
  /** Share of good events promised, between 0 and 1. */
  objective: number;
  /** Length of the budget's period in the SLO's own time: 2,592,000 for 30 d, however time is scaled. */
  windowSeconds: number;
  state: SloState;
  /** The worst severity among the pending or firing alerts; null when there are none. */
  severity: Severity | null;
  /** One entry for each recorded window, shortest first. */
  burnRates: BurnRate[];
  thresholds: BurnThreshold[];
  budget: Budget;
  /** Every burn-rate alert of this SLO, the inactive ones included. */
  alerts: SloAlert[];
}

/** 1 spends the budget exactly within its period; null when the window holds no events or no sample. */
export interface BurnRate {
  /** A Prometheus duration such as `5m`, as the recorded series is named. */
  window: string;
  value: number | null;
}

/** An alert needs both of its windows above `value`. */
export interface BurnThreshold {
  alertname: string;
  severity: Severity;
  value: number;
  shortWindow: string;
  longWindow: string;
}

/** What is left of the error budget, and how much of the period that figure rests on. */
export interface Budget {
  /** 1 is untouched, 0 is spent, below 0 is overspent; null when unknown. */
  remaining: number | null;
  /** How much of the period has been measured, in the SLO's own time as `windowSeconds`; null when unknown. */
  coverageSeconds: number | null;
}

/** A burn-rate alert of an SLO. */
export interface SloAlert {
  alertname: string;
  severity: Severity;
  state: 'inactive' | 'pending' | 'firing';
  activeAt: number | null;
  value: number | null;
}

/** `GET /api/slos/:service/:slo/burn?windows=5m,1h&minutes=30`: recorded burn rates up to now. */
export interface BurnAnswer {
  /** Distance of two timestamps, in milliseconds. */
  step: number;
  /** The whole range asked for, ascending, whether there were samples or not. */
  timestamps: number[];
  /** One for each window asked for, in that order; `values` is as long as `timestamps`. */
  series: BurnSeries[];
}

/** A line of the burn chart; null where nothing was recorded. */
export interface BurnSeries {
  window: string;
  values: (number | null)[];
}

/**
 * `GET /api/alerts`: every pending or firing alert, those of no SLO included. Alerts with the severity `none`, such as
 * `Watchdog`, are for machines and are left out.
 */
export interface AlertsAnswer {
  alerts: ActiveAlert[];
}

/** An alert that is pending or firing now. */
export interface ActiveAlert {
  /** By which the embedded router knows it; null where it never hears of it. */
  fingerprint: string | null;
  alertname: string;
  /** Empty when the alert carries no such label. */
  service: string;
  slo: string | null;
  /** The alert's label as it stands; other words than page and ticket are possible in a user's rules. */
  severity: string;
  state: 'pending' | 'firing';
  activeAt: number;
  value: number;
  summary: string;
}

/** `GET /api/alerts/:fingerprint/history`: what the embedded router decided about an alert, since it started. */
export interface AlertHistoryAnswer {
  fingerprint: string;
  /** Null when the router holds it no more: it has ended, and that was told or need not be. */
  alert: RoutedAlert | null;
  /** Newest first. */
  decisions: AlertDecision[];
  /** What it waits for now, one entry for each group that holds it. */
  waits: AlertWait[];
}

/** An alert that the router holds. */
export interface RoutedAlert {
  labels: Record<string, string>;
  startsAt: number;
  receivers: string[];
}

/** What was decided at a flush, and why. */
export interface AlertDecision {
  /** The last time that this was decided. */
  at: number;
  receiver: string;
  groupKey: string;
  decision: 'sent' | 'not sent' | 'failed';
  /** Such as "inhibited by 1f2e…" or "first notification". */
  reason: string;
  /** What the receiver said to what was sent, such as "status 200"; null otherwise. */
  answer: string | null;
  /** How often in a row. */
  times: number;
}

/** What has to pass before a group looks at its alerts. */
export interface AlertWait {
  receiver: string;
  groupKey: string;
  waitsFor: 'group_wait' | 'group_interval';
  /** Null while the router has not begun to notify. */
  until: number | null;
}

/** `GET /api/notifications?limit=20`: newest first. */
export interface NotificationsAnswer {
  notifications: NotificationEntry[];
}

/** One notification that the router sent, or tries to send. */
export interface NotificationEntry {
  at: number;
  receiver: string;
  status: 'firing' | 'resolved';
  groupKey: string;
  /** The four labels are empty when the group does not carry them. */
  alertname: string;
  service: string;
  slo: string;
  severity: string;
  /** How many alerts the notification tells of. */
  alerts: number;
  outcome: 'delivered' | 'failed' | 'retrying';
  attempts: number;
  /** Why it failed or is tried again; null when it was delivered at once. */
  reason: string | null;
}

/** `GET /api/traces?limit=20`: newest first. */
export interface TracesAnswer {
  traces: TraceSummary[];
}

/** One trace in a list. */
export interface TraceSummary {
  traceId: string;
  rootService: string;
  rootOperation: string;
  start: number;
  durationMs: number;
  spanCount: number;
  services: string[];
  error: boolean;
}

/** `GET /api/traces/:id`: every span stored for it so far, in any order. */
export interface TraceAnswer {
  traceId: string;
  spans: TraceSpan[];
}

/** Attributes of a span or of one of its events. */
export type SpanAttributes = Record<string, string | number | boolean>;

/** One span; `start` has fractions of a millisecond. */
export interface TraceSpan {
  spanId: string;
  parentSpanId: string | null;
  service: string;
  operation: string;
  /** As OpenTelemetry names it, in lower case: `internal`, `server`, `client`, `producer`, `consumer`. */
  kind: string;
  start: number;
  durationMs: number;
  error: boolean;
  attributes: SpanAttributes;
  events: TraceSpanEvent[];
}

/** Something that happened during a span. */
export interface TraceSpanEvent {
  name: string;
  at: number;
  attributes: SpanAttributes;
}

/** The body of every answer with a status of 400 or more. */
export interface ErrorAnswer {
  error: { code: string; message: string };
}
