import type { Milliseconds } from '../core/index.ts';
import type { Endpoints } from './endpoints.ts';
import type { Http } from './http.ts';
import type {
  FaultState,
  JaegerTrace,
  PromAlert,
  PromRuleGroup,
  PromSample,
  PromTarget,
  ReceivedNotification,
  RoutedAlert,
} from './stack-answers.ts';
import * as answers from './stack-answers.ts';

/** Everything a drill asks of a stack. Each call throws UserError `drill-unreachable` or `drill-bad-answer`. */
export interface StackClient {
  query(expr: string): Promise<readonly PromSample[]>;
  alerts(): Promise<readonly PromAlert[]>;
  ruleGroups(): Promise<readonly PromRuleGroup[]>;
  targets(): Promise<readonly PromTarget[]>;
  /** Where the rule engine sends alerts. */
  alertmanagers(): Promise<readonly string[]>;
  routedAlerts(): Promise<readonly RoutedAlert[]>;
  /** The router's configuration as YAML. */
  routerConfig(): Promise<string>;
  /** Alerts that the rule engine could not send to a router since it started. */
  failedSends(): Promise<number>;
  /** Requests to receivers that failed since the router started. */
  failedNotificationRequests(): Promise<number>;
  notifications(): Promise<readonly ReceivedNotification[]>;
  faultState(): Promise<FaultState>;
  setFault(fault: object): Promise<FaultState>;
  /** Traces with a span of the service that began in the time range; newest first. */
  traces(service: string, from: Milliseconds, to: Milliseconds): Promise<readonly JaegerTrace[]>;
}

const FAILED_SENDS = 'prometheus_notifications_errors_total';
const FAILED_REQUESTS = 'alertmanager_notification_requests_failed_total';
/** Traces looked at; under steady load, each of them is as good as another. */
const TRACE_LIMIT = 20;

/** The `jaeger` endpoint must be there when `traces` is called. */
export function createStackClient(endpoints: Endpoints, http: Http): StackClient {
  const { prometheus, alertmanager, receiver, backend, jaeger } = endpoints;
  const prom = (path: string) => `${prometheus}/api/v1/${path}`;
  return {
    query: async expr =>
      (await http.json(prom(`query?query=${encodeURIComponent(expr)}`), answers.promVector)).data.result,
    alerts: async () => (await http.json(prom('alerts'), answers.promAlerts)).data.alerts,
    ruleGroups: async () => (await http.json(prom('rules'), answers.promRules)).data.groups,
    targets: async () => (await http.json(prom('targets'), answers.promTargets)).data.activeTargets,
    alertmanagers: async () =>
      (await http.json(prom('alertmanagers'), answers.promAlertmanagers)).data.activeAlertmanagers.map(
        ({ url }) => url,
      ),
    routedAlerts: () => http.json(`${alertmanager}/api/v2/alerts`, answers.routedAlerts),
    routerConfig: async () =>
      (await http.json(`${alertmanager}/api/v2/status`, answers.routerStatus)).config.original,
    failedSends: async () => sumOfSamples(await http.getText(`${prometheus}/metrics`), FAILED_SENDS),
    failedNotificationRequests: async () =>
      sumOfSamples(await http.getText(`${alertmanager}/metrics`), FAILED_REQUESTS),
    notifications: async () =>
      (await http.json(`${receiver}/api/notifications`, answers.receivedNotifications)).notifications,
    faultState: () => http.json(`${backend}/admin/state`, answers.faultState),
    setFault: fault => http.json(`${backend}/admin/failmode`, answers.faultState, fault),
    async traces(service, from, to) {
      const range = `start=${from * 1000}&end=${to * 1000}&limit=${TRACE_LIMIT}`;
      const url = `${jaeger}/api/traces?service=${encodeURIComponent(service)}&${range}`;
      return (await http.json(url, answers.jaegerTraces)).data;
    },
  };
}

/** The sum over all series of a metric in the text format; 0 when there is none. */
function sumOfSamples(text: string, metric: string): number {
  const values = text
    .split('\n')
    .filter(line => line.startsWith(`${metric}{`) || line.startsWith(`${metric} `))
    .map(line => Number(line.slice(Math.max(metric.length, line.lastIndexOf('}') + 1)).trim()));
  return values.reduce((sum, value) => sum + value, 0);
}
