import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Clock, createSystemClock, type Milliseconds } from '../core/index.ts';
import type { Endpoints } from './endpoints.ts';

/** The system's clock, running faster: `createSystemClock` with every time multiplied. */
export function createFastClock(factor: number): Clock {
  const system = createSystemClock();
  const start = system.now();
  const origin = system.monotonic();
  const monotonic = () => (system.monotonic() - origin) * factor;
  const clock: Clock = {
    now: () => Math.floor(start + monotonic()),
    monotonic,
    after: (delay, task) => system.after(delay / factor, task),
    sleep: (delay, signal) => system.sleep(delay / factor, signal),
    turn: () => system.turn(),
  };
  return clock;
}

/** What can be wrong with the fake, each breaking one hop. `routed: false`: the rule engine's posts fail. */
export interface Script {
  backend?: 'refuses' | 'ignores' | 'sticky';
  faultMode?: string;
  target?: 'down' | 'missing' | 'unknown';
  errorsSeries?: 'absent' | 'flat';
  burnRule?: 'missing' | 'failing';
  alertRule?: 'missing' | 'failing' | 'silent';
  alertsBefore?: readonly string[];
  routed?: boolean;
  held?: { silencedBy?: string[]; inhibitedBy?: string[]; mutedBy?: string[]; receiver?: string };
  delivery?: 'failing' | 'elsewhere';
  resolve?: 'never';
  burn?: number;
  extraPage?: string;
  traces?: 'disjoint' | 'none';
  /** What the Collector's counters say; absent where it is not scraped. */
  collector?: { accepted: number; sent: number };
  routers?: 'none';
  /** Parts that take connections and never answer. */
  hangs?: ReadonlySet<keyof Endpoints>;
}

export interface FakeStack {
  readonly endpoints: Required<Endpoints>;
  /** Change it at any time. */
  readonly script: Script;
  faultMode(): string;
  /** How often the fault was set to this mode. */
  timesSet(mode: string): number;
  stop(part: keyof Endpoints): Promise<void>;
  stopAll(): Promise<void>;
}

export const ALERT = 'BurnFast';
/** When each hop comes, after the fault was set or removed. */
const AFTER: Readonly<Record<string, Milliseconds>> = {
  scraped: 3_000,
  firing: 6_000,
  delivered: 16_000,
  cleared: 20_000,
  resolved: 30_000,
};
const LABELS = { alertname: ALERT, service: 'shop', slo: 'availability' };

/** Every part of a stack as a tiny server on a free port, with time-lined behaviour that `script` breaks. */
export async function startFakeStack(clock: Clock, script: Script = {}): Promise<FakeStack> {
  let mode = 'none';
  let setAt: Milliseconds | undefined;
  let removedAt: Milliseconds | undefined;
  let requests = 0;
  let errors = 0;
  let failedDeliveries = 0;
  const posted: string[] = [];

  const since = (at: Milliseconds | undefined) =>
    at === undefined ? Number.NEGATIVE_INFINITY : clock.monotonic() - at;
  const reached = (hop: string) => since(setAt) >= AFTER[hop]!;
  const healed = (hop: string) => since(removedAt) >= AFTER[hop]!;
  const burning = () => reached('firing') && !healed('cleared');
  const ruleWorks = () => script.burnRule === undefined && script.alertRule === undefined;
  const firing = () => burning() && ruleWorks();
  const isRouted = () => firing() && script.routed !== false;
  const receiverHears = () =>
    isRouted() &&
    script.delivery === undefined &&
    !script.held?.silencedBy &&
    !script.held?.inhibitedBy &&
    !script.held?.mutedBy;
  let deliveredAt: Milliseconds | undefined;

  function postFault(body: { mode: string }) {
    posted.push(body.mode);
    if (script.backend === 'refuses' && body.mode !== 'none') return 400;
    if (body.mode === 'none') {
      if (mode !== 'none') removedAt = clock.monotonic();
      if (script.backend !== 'sticky') mode = 'none';
    } else {
      setAt = clock.monotonic();
      mode = script.backend === 'ignores' ? 'none' : body.mode;
    }
    return state();
  }
  const state = () => ({ mode: script.faultMode ?? mode, error_rate: 1, latency_ms: 0 });

  function query(expr: string) {
    const one = (value: number, metric = {}) => [{ metric, value: [clock.now() / 1000, String(value)] }];
    if (expr.startsWith('slo:objective')) return one(0.99);
    if (expr.startsWith('slo:burn_rate_threshold'))
      return one(14.4, { alertname: ALERT, short_window: '5m', long_window: '1h' });
    if (expr.startsWith('slo:burn_rate:'))
      return script.burnRule ? [] : one(script.burn ?? (burning() ? 30 : 0));
    if (expr.includes('otelcol_receiver')) return script.collector ? one(script.collector.accepted) : [];
    if (expr.includes('otelcol_exporter_sent'))
      return script.collector ? one(script.collector.sent, { exporter: 'debug' }) : [];
    if (expr.includes('otel')) return [];
    if (expr.includes('increase')) return one(requests);
    if (script.errorsSeries === 'absent') return [];
    return one(reached('scraped') && script.errorsSeries !== 'flat' && !script.target ? errors : 0);
  }

  const rule = (name: string, type: string, broken: string | undefined) =>
    broken === 'missing'
      ? []
      : [
          {
            name,
            type,
            ...(broken === 'failing' ? { health: 'err', lastError: 'bad join' } : { health: 'ok' }),
          },
        ];
  const targets = () =>
    script.target === 'missing'
      ? []
      : [
          {
            labels: { job: 'shop' },
            scrapeUrl: 'http://shop/metrics',
            scrapeInterval: '5s',
            ...(script.target === 'down'
              ? { health: 'down', lastError: 'connection refused' }
              : { health: script.target ?? 'up', lastError: '' }),
          },
        ];
  const alerts = () => [
    ...(script.alertsBefore ?? []).map(alertname => ({
      labels: { alertname, service: 'shop' },
      state: 'firing',
    })),
    ...(firing() ? [{ labels: LABELS, state: 'firing' }] : []),
  ];

  const prometheus: Record<string, (url: URL) => unknown> = {
    '/api/v1/query': url => ({ result: query(url.searchParams.get('query')!) }),
    '/api/v1/alerts': () => ({ alerts: alerts() }),
    '/api/v1/targets': () => ({ activeTargets: targets() }),
    '/api/v1/alertmanagers': () => ({
      activeAlertmanagers: script.routers === 'none' ? [] : [{ url: 'http://router/api/v2/alerts' }],
    }),
    '/api/v1/rules': () => ({
      groups: [
        {
          name: 'slo',
          file: 'rules.yml',
          interval: 5,
          rules: [
            ...rule('slo:burn_rate:5m', 'recording', script.burnRule),
            ...rule('slo:burn_rate:1h', 'recording', script.burnRule),
            ...rule(ALERT, 'alerting', script.alertRule),
            ...rule('TargetDown', 'alerting', undefined),
          ],
        },
      ],
    }),
  };

  function notifications() {
    const due = reached('delivered') && receiverHears();
    if (due) deliveredAt ??= clock.now();
    const entry = (status: string, labels: object, firstReceivedAt: number) => ({
      status,
      labels,
      firstReceivedAt,
    });
    return [
      ...(deliveredAt === undefined ? [] : [entry('firing', LABELS, deliveredAt)]),
      ...(deliveredAt !== undefined && healed('resolved') && script.resolve !== 'never'
        ? [entry('resolved', LABELS, deliveredAt + 1)]
        : []),
      ...(script.extraPage && reached('scraped')
        ? [entry('firing', { alertname: script.extraPage }, 1)]
        : []),
    ];
  }

  const routedAlert = () => ({
    labels: LABELS,
    receivers: [{ name: script.held?.receiver ?? 'webhook' }],
    status: {
      state: script.held?.silencedBy || script.held?.inhibitedBy ? 'suppressed' : 'active',
      silencedBy: script.held?.silencedBy ?? [],
      inhibitedBy: script.held?.inhibitedBy ?? [],
      ...(script.held?.mutedBy && { mutedBy: script.held.mutedBy }),
    },
  });
  function routerMetrics() {
    if (script.delivery === 'failing' && reached('delivered')) failedDeliveries = 3;
    return `# HELP x\nalertmanager_notification_requests_failed_total{integration="webhook"} ${failedDeliveries}\n`;
  }
  const notifierMetrics = () =>
    `prometheus_notifications_errors_total{alertmanager="http://router"} ${script.routed === false && firing() ? 4 : 0}\n`;
  const trace = () => ({
    traceID: 'abc',
    spans: [
      { spanID: '1', processID: 'p1' },
      {
        spanID: '2',
        processID: 'p2',
        references: script.traces === 'disjoint' ? [] : [{ refType: 'CHILD_OF', spanID: '1' }],
      },
    ],
    processes: { p1: { serviceName: 'shop' }, p2: { serviceName: 'stock' } },
  });

  const parts: Record<keyof Endpoints, (url: URL, body: string) => unknown> = {
    gateway: () => {
      requests += 1;
      if (mode === 'none') return {};
      errors += 1;
      return 500;
    },
    backend: (url, body) => (url.pathname === '/admin/failmode' ? postFault(JSON.parse(body)) : state()),
    prometheus: url =>
      url.pathname === '/metrics'
        ? notifierMetrics()
        : { status: 'success', data: prometheus[url.pathname]!(url) },
    alertmanager: url =>
      url.pathname === '/metrics'
        ? routerMetrics()
        : url.pathname === '/api/v2/alerts'
          ? isRouted()
            ? [routedAlert()]
            : []
          : { config: { original: 'route: { group_wait: 10s, group_interval: 30s }' } },
    receiver: () => ({ notifications: notifications() }),
    jaeger: () => ({ data: script.traces === 'none' ? [] : [trace()] }),
  };

  const servers = new Map<keyof Endpoints, Server>();
  const urls: Partial<Record<keyof Endpoints, string>> = {};
  for (const part of Object.keys(parts) as (keyof Endpoints)[]) {
    const server = createServer(async (request, response) => {
      const body = await bodyOf(request);
      if (script.hangs?.has(part)) return;
      const answer = parts[part](new URL(request.url!, 'http://fake'), body);
      response.statusCode = typeof answer === 'number' ? answer : 200;
      response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    servers.set(part, server);
    urls[part] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  const stop = (part: keyof Endpoints) =>
    new Promise<void>(resolve => {
      servers.get(part)!.close(() => resolve());
      servers.get(part)!.closeAllConnections();
    });
  return {
    endpoints: urls as Required<Endpoints>,
    script,
    faultMode: () => mode,
    timesSet: wanted => posted.filter(each => each === wanted).length,
    stop,
    stopAll: async () => {
      await Promise.all([...servers.keys()].map(stop));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
}

export const PAGE_DRILL = `
name: article
description: it pages
slo: { service: shop, name: availability }
counters: { requests: requests_total, errors: 'requests_total{status="error"}' }
traffic: { path: /work, requests_per_second: 5 }
steady_state: { duration: 5s }
fault: { mode: error, error_rate: 1, bad_ratio: 1 }
expect: { page: ${ALERT}, within: 30s, resolved_within: 1m }
never: [TargetDown]
traces: [shop, stock]
`;

export const SILENT_DRILL = PAGE_DRILL.replace(
  /expect: .*/,
  'expect: { silent_for: 10s, burn_at_least: 1 }',
).replace('bad_ratio: 1 ', 'bad_ratio: 0.02 ');
