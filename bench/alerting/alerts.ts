import type { HttpClient } from '../../test/peers/support/http-client.ts';

/** How many alerts are active where the rows speak of the load. */
export const ACTIVE = 10_000;
/** Alerts that share their group. */
const ALERTS_A_GROUP = 10;
export const GROUPS = ACTIVE / ALERTS_A_GROUP;

/** Prometheus repeats when an alert began, and says an end that is still to come. */
const STARTED_AT = new Date().toISOString();
/** Far enough ahead that none resolves while it is measured. */
const HOURS_FIRING = 6;

/** Alert `index`, as Prometheus sends one of an SLO. */
function alertOf(index: number) {
  const group = Math.floor(index / ALERTS_A_GROUP);
  return {
    labels: {
      alertname: 'ErrorBudgetBurn',
      service: `service-${group}`,
      instance: `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}:9100`,
      severity: 'page',
      slo: 'availability',
      env: 'production',
    },
    annotations: {
      summary: `The error budget of service-${group} burns at 14.4 times its rate`,
      runbook: `https://runbooks.example.com/error-budget-burn?service=service-${group}`,
    },
    startsAt: STARTED_AT,
    endsAt: new Date(Date.now() + HOURS_FIRING * 3_600_000).toISOString(),
    generatorURL: 'http://prometheus.example.com/graph?g0.expr=slo%3Aburn_rate%3A5m+%3E+14.4&g0.tab=1',
  };
}

/** The bodies that send alerts once: every one of the active ones, or `count` from the number `from` on. */
export function bodiesOf(batch: number, from = 0, count = ACTIVE): string[] {
  return Array.from({ length: Math.ceil(count / batch) }, (_, at) => {
    const first = at * batch;
    const indexes = Array.from({ length: Math.min(batch, count - first) }, (_, i) => from + first + i);
    return JSON.stringify(indexes.map(alertOf));
  });
}

/** @throws unless the router takes them */
export async function post(client: HttpClient, body: string): Promise<void> {
  const answer = await client.post('/api/v2/alerts', body, { 'content-type': 'application/json' });
  if (answer.status !== 200) throw new Error(`alerts were answered with ${answer.status}: ${answer.body}`);
}

/** As large as those of Prometheus 3.16. */
export const SENT_BATCH = 256;

/** Sends every active alert once. */
export async function postAll(client: HttpClient): Promise<void> {
  for (const body of bodiesOf(SENT_BATCH)) await post(client, body);
}
