import type {
  ActiveAlert,
  AlertHistoryAnswer,
  BurnAnswer,
  MetaAnswer,
  NotificationEntry,
  SloSummary,
  TraceSpan,
  TraceSummary,
} from '../../../guard/src/server/console-types.ts';
import { FINGERPRINT, historyOf } from './history-fixture.ts';

/** What the fake guard knows. */
export interface Scenario {
  meta: MetaAnswer;
  slos: SloSummary[];
  /** Burn rate of an SLO's window, `minutesAgo` before now; null where nothing was recorded. */
  burn: (slo: SloSummary, window: string, minutesAgo: number) => number | null;
  alerts: ActiveAlert[];
  notifications: NotificationEntry[];
  history: AlertHistoryAnswer;
  traces: TraceSummary[];
  spans: TraceSpan[];
}

const FAST = 'SLOServiceAErrorBudgetBurnFast';

export const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';

const WINDOWS = ['5m', '30m', '1h', '6h'];
const WINDOW_MINUTES: Record<string, number> = { '5m': 5, '30m': 30, '1h': 60, '6h': 360 };
/** How long ago the incident of these scenarios began. */
const INCIDENT_MINUTES = 4;

function sloOf(service: string, slo: string, change: Partial<SloSummary>): SloSummary {
  const words = `${service === 'service_a' ? 'ServiceA' : 'ServiceB'}${slo === 'latency' ? 'Latency' : 'Error'}`;
  const thresholds: SloSummary['thresholds'] = [
    {
      alertname: `SLO${words}BudgetBurnFast`,
      severity: 'page',
      value: 14.4,
      shortWindow: '5m',
      longWindow: '1h',
    },
    {
      alertname: `SLO${words}BudgetBurnSlow`,
      severity: 'ticket',
      value: 6,
      shortWindow: '30m',
      longWindow: '6h',
    },
  ];
  return {
    service,
    slo,
    objective: 0.99,
    windowSeconds: 30 * 86_400,
    state: 'ok',
    severity: null,
    burnRates: WINDOWS.map(window => ({ window, value: 0 })),
    thresholds,
    budget: { remaining: 0.982, coverageSeconds: 360 },
    alerts: thresholds.map(({ alertname, severity }) => ({
      alertname,
      severity,
      state: 'inactive',
      activeAt: null,
      value: null,
    })),
    ...change,
  };
}

/** Two services of which one burns, one is about to page, one idles and one has lost its data. */
export function incident(now: number): Scenario {
  const since = now - INCIDENT_MINUTES * 60_000;
  const firing = sloOf('service_a', 'availability', {
    state: 'firing',
    severity: 'page',
    burnRates: rates([78.4, 41.2, 22.6, 4.1]),
    budget: { remaining: 0.712, coverageSeconds: 5400 },
  });
  Object.assign(firing.alerts[0]!, { state: 'firing', activeAt: since, value: 78.4 });
  const pending = sloOf('service_a', 'latency', {
    state: 'pending',
    severity: 'ticket',
    burnRates: rates([3.2, 7.4, 5.1, 6.2]),
    budget: { remaining: 0.184, coverageSeconds: 12 * 86_400 },
  });
  Object.assign(pending.alerts[1]!, { state: 'pending', activeAt: now - 9000, value: 7.4 });
  const lost = sloOf('service_b', 'latency', {
    state: 'no-data',
    burnRates: rates([null, null, null, null]),
    budget: { remaining: null, coverageSeconds: null },
  });
  return {
    meta: metaOf(now),
    slos: [firing, pending, sloOf('service_b', 'availability', {}), lost],
    burn: (slo, window, minutesAgo) => {
      if (slo === lost || minutesAgo > 22) return null;
      if (slo === firing) return minutesAgo > INCIDENT_MINUTES ? 0 : spike(window, minutesAgo);
      if (slo === pending) return Math.max(0, 7 + 3 * Math.sin(minutesAgo / 3) - (window === '1h' ? 2 : 0));
      return 0;
    },
    alerts: [
      alertOf(firing.alerts[0]!.alertname, 'service_a', 'availability', 'page', 'firing', since),
      alertOf('ServiceADependencyErrors', 'service_a', null, 'ticket', 'firing', since + 20_000),
      alertOf(pending.alerts[1]!.alertname, 'service_a', 'latency', 'ticket', 'pending', now - 9000),
    ],
    notifications: notificationsOf(now, firing.alerts[0]!.alertname),
    history: historyOf(now, firing.alerts[0]!.alertname),
    traces: tracesOf(now),
    spans: spansOf(now),
  };
}

/** The stack has just started: rules are loaded, nothing was counted. */
export function noTraffic(now: number): Scenario {
  const empty: Partial<SloSummary> = {
    state: 'no-data',
    burnRates: rates([null, null, null, null]),
    budget: { remaining: null, coverageSeconds: null },
  };
  return {
    meta: { ...metaOf(now), timeScale: 1, warnings: [] },
    slos: [sloOf('service_a', 'availability', empty), sloOf('service_b', 'availability', empty)],
    burn: () => null,
    alerts: [],
    notifications: [],
    history: historyOf(now, FAST),
    traces: [],
    spans: [],
  };
}

/** A guard without any objective and without the demonstration's services. */
export function noObjectives(now: number): Scenario {
  const meta = metaOf(now);
  const links = { ...meta.links, serviceA: null, serviceB: null, receiver: null };
  return { ...noTraffic(now), meta: { ...meta, timeScale: 1, warnings: [], links, targets: [] }, slos: [] };
}

/** The answer of the burn endpoint for a scenario, at a step of 5 s a half-hour. */
export function burnAnswer(
  scenario: Scenario,
  slo: SloSummary,
  windows: string[],
  minutes: number,
): BurnAnswer {
  const now = scenario.meta.now;
  const points = 361;
  const step = (minutes * 60_000) / (points - 1);
  const timestamps = Array.from({ length: points }, (_, i) => Math.round(now - (points - 1 - i) * step));
  return {
    step,
    timestamps,
    series: windows.map(window => ({
      window,
      values: timestamps.map(at => scenario.burn(slo, window, (now - at) / 60_000)),
    })),
  };
}

function rates(values: (number | null)[]): SloSummary['burnRates'] {
  return WINDOWS.map((window, i) => ({ window, value: values[i] ?? null }));
}

/** A window fills with the errors of an outage as a share of its length, here from an almost idle start. */
function spike(window: string, minutesAgo: number): number {
  const elapsed = INCIDENT_MINUTES - minutesAgo;
  return Math.min(100, (100 * elapsed) / Math.min(WINDOW_MINUTES[window] ?? 5, 18));
}

function metaOf(now: number): MetaAnswer {
  return {
    version: '0.1.0',
    timeScale: 60,
    startedAt: now - 5_400_000,
    now,
    links: {
      prometheus: 'http://127.0.0.1:9090',
      alertmanager: 'http://127.0.0.1:9093',
      jaeger: 'http://127.0.0.1:16686',
      receiver: 'http://127.0.0.1:8080',
      serviceA: 'http://127.0.0.1:8001',
      serviceB: 'http://127.0.0.1:8002',
    },
    warnings: ['Time is scaled 60×: a window named 1h is one minute long.'],
    targets: [
      {
        job: 'service_a',
        instance: '127.0.0.1:8001',
        health: 'up',
        lastError: null,
        lastScrape: now - 2000,
      },
      {
        job: 'service_b',
        instance: '127.0.0.1:8002',
        health: 'up',
        lastError: null,
        lastScrape: now - 1000,
      },
    ],
  };
}

function alertOf(
  alertname: string,
  service: string,
  slo: string | null,
  severity: string,
  state: 'pending' | 'firing',
  activeAt: number,
): ActiveAlert {
  const summary = slo
    ? `${service} burns its ${slo} budget too fast`
    : 'More than 5 % of the calls to service_b failed in the last minute';
  const fingerprint = alertname === FAST ? FINGERPRINT : '00000000000000aa';
  return { fingerprint, alertname, service, slo, severity, state, activeAt, value: 78.4213, summary };
}

function notificationsOf(now: number, alertname: string): NotificationEntry[] {
  const base = {
    receiver: 'webhook',
    groupKey: `{}:{alertname="${alertname}", service="service_a", slo="availability"}`,
    alertname,
    service: 'service_a',
    slo: 'availability',
    severity: 'page',
    alerts: 1,
    attempts: 1,
    reason: null,
  };
  return [
    { ...base, at: now - 30_000, status: 'firing', outcome: 'delivered' },
    {
      ...base,
      at: now - 90_000,
      status: 'firing',
      outcome: 'retrying',
      attempts: 3,
      reason: 'POST http://127.0.0.1:8080/ answered 503 Service Unavailable',
    },
    {
      ...base,
      at: now - 4_000_000,
      alertname: 'ServiceBHighErrorRate',
      service: 'service_b',
      slo: '',
      severity: 'ticket',
      status: 'resolved',
      outcome: 'delivered',
      alerts: 2,
    },
    {
      ...base,
      at: now - 4_200_000,
      alertname: 'TargetDown',
      service: 'service_b',
      slo: '',
      status: 'firing',
      outcome: 'failed',
      attempts: 11,
      reason: 'connection refused, given up after the group interval',
    },
  ];
}

function tracesOf(now: number): TraceSummary[] {
  return Array.from({ length: 8 }, (_, i) => ({
    traceId: i === 0 ? TRACE_ID : `${TRACE_ID.slice(0, 30)}${String(i).padStart(2, '0')}`,
    rootService: 'service_a',
    rootOperation: 'GET /work',
    start: now - 4000 - i * 1700,
    durationMs: i === 0 ? 512.4 : 6 + i * 0.73,
    spanCount: 5,
    services: ['service_a', 'service_b'],
    error: i < 5,
  }));
}

function spansOf(now: number): TraceSpan[] {
  const start = now - 4000;
  const span = (
    spanId: string,
    parentSpanId: string | null,
    service: string,
    operation: string,
    kind: string,
    offset: number,
    durationMs: number,
    error: boolean,
  ): TraceSpan => ({
    spanId,
    parentSpanId,
    service,
    operation,
    kind,
    start: start + offset,
    durationMs,
    error,
    attributes: {
      'http.request.method': 'GET',
      'url.path': '/work',
      'http.response.status_code': error ? 500 : 200,
    },
    events: [],
  });
  const compute = span(
    '00f067aa0ba902b9',
    'b7ad6b7169203331',
    'service_b',
    'GET /compute',
    'server',
    4.1,
    501,
    true,
  );
  compute.events.push({
    name: 'fault.injected',
    at: start + 5,
    attributes: { 'fault.kind': 'error', 'fault.rate': 1 },
  });
  return [
    span('b9c7c989f97918e1', null, 'service_a', 'GET /work', 'server', 0, 512.4, true),
    span(
      'a3ce929d0e0e4736',
      'b9c7c989f97918e1',
      'service_a',
      'validate request',
      'internal',
      0.4,
      1.2,
      false,
    ),
    span('b7ad6b7169203331', 'b9c7c989f97918e1', 'service_a', 'GET', 'client', 2, 508, true),
    compute,
    span('c2ca61bd0b0e4111', '00f067aa0ba902b9', 'service_b', 'compute', 'internal', 6, 12.5, false),
    span('d000000000000001', 'eeeeeeeeeeeeeeee', 'service_b', 'flush cache', 'internal', 300, 40, false),
  ];
}
