import type { Milliseconds } from '../core/index.ts';
import { type Endpoints, fetchJson } from './endpoints.ts';

/** Shapes of Prometheus's HTTP API, as far as a drill reads them. */
export interface PromSample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [seconds: number, value: string];
}

export interface PromAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly state: 'pending' | 'firing';
  readonly activeAt: string;
  readonly value: string;
}

export interface PromRule {
  readonly name: string;
  readonly type: 'alerting' | 'recording';
  readonly health: string;
  readonly lastError?: string;
}

export interface PromRuleGroup {
  readonly name: string;
  readonly file: string;
  /** Seconds. */
  readonly interval: number;
  readonly rules: readonly PromRule[];
}

export interface PromTarget {
  readonly labels: Readonly<Record<string, string>>;
  readonly scrapeUrl: string;
  readonly health: string;
  readonly lastError: string;
  readonly scrapeInterval: string;
}

/** An alert in Alertmanager's API v2. */
export interface RoutedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly receivers: readonly { readonly name: string }[];
  readonly status: {
    readonly state: string;
    readonly silencedBy: readonly string[];
    readonly inhibitedBy: readonly string[];
  };
}

/** An incident in the webhook receiver's list. */
export interface ReceivedNotification {
  readonly status: 'firing' | 'resolved';
  readonly labels: Readonly<Record<string, string>>;
  /** Unix milliseconds by the receiver's clock. */
  readonly firstReceivedAt: Milliseconds;
}

/** Everything a drill asks of a stack. */
export interface StackClient {
  query(expr: string): Promise<readonly PromSample[]>;
  alerts(): Promise<readonly PromAlert[]>;
  ruleGroups(): Promise<readonly PromRuleGroup[]>;
  targets(): Promise<readonly PromTarget[]>;
  routedAlerts(): Promise<readonly RoutedAlert[]>;
  /** The router's configuration as YAML. */
  routerConfig(): Promise<string>;
  notifications(): Promise<readonly ReceivedNotification[]>;
  setFault(fault: object): Promise<FaultState>;
  faultState(): Promise<FaultState>;
  /** Services seen in one trace of the gateway, most recent first; [] when there is no trace yet. */
  tracedServices(service: string): Promise<readonly string[]>;
}

export interface FaultState {
  readonly mode: string;
  readonly error_rate: number;
  readonly latency_ms: number;
}

interface PromEnvelope<T> {
  readonly data: T;
}

interface JaegerTrace {
  readonly processes: Readonly<Record<string, { readonly serviceName: string }>>;
}

export function createStackClient(endpoints: Endpoints): StackClient {
  const { prometheus, alertmanager, receiver, backend, jaeger } = endpoints;
  const prom = async <T>(path: string) =>
    (await fetchJson<PromEnvelope<T>>(prometheus, `/api/v1/${path}`)).data;
  return {
    query: async expr =>
      (await prom<{ result: PromSample[] }>(`query?query=${encodeURIComponent(expr)}`)).result,
    alerts: async () => (await prom<{ alerts: PromAlert[] }>('alerts')).alerts,
    ruleGroups: async () => (await prom<{ groups: PromRuleGroup[] }>('rules')).groups,
    targets: async () => (await prom<{ activeTargets: PromTarget[] }>('targets')).activeTargets,
    routedAlerts: () => fetchJson(alertmanager, '/api/v2/alerts'),
    routerConfig: async () =>
      (await fetchJson<{ config: { original: string } }>(alertmanager, '/api/v2/status')).config.original,
    notifications: async () =>
      (await fetchJson<{ notifications: ReceivedNotification[] }>(receiver, '/api/notifications'))
        .notifications,
    setFault: fault =>
      fetchJson(backend, '/admin/failmode', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(fault),
      }),
    faultState: () => fetchJson(backend, '/admin/state'),
    async tracedServices(service) {
      if (jaeger === undefined) return [];
      const { data } = await fetchJson<{ data: JaegerTrace[] }>(
        jaeger,
        `/api/traces?service=${encodeURIComponent(service)}&limit=5`,
      );
      const services = data.map(trace => [
        ...new Set(Object.values(trace.processes).map(process => process.serviceName)),
      ]);
      return services.sort((a, b) => b.length - a.length)[0] ?? [];
    },
  };
}
