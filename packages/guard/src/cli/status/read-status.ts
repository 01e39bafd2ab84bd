import { type Labels, METRIC_NAME, type Milliseconds, UserError } from '../../core/index.ts';
import { SERIES } from '../../generate/index.ts';
import type { PrometheusClient } from '../prometheus/client.ts';
import { decodeQueryData, type ResultSeries } from '../prometheus/query-result.ts';
import { BURN_PREFIX, type Readings, type RecordedAlert } from './assemble.ts';

const FACTS = [SERIES.objective, SERIES.window, SERIES.budgetRemaining, SERIES.budgetCoverage];
const QUERY = `{${METRIC_NAME}=~"${[...FACTS, `${BURN_PREFIX}.+`].join('|')}", slo!=""}`;

export interface StatusRange {
  readonly now: Milliseconds;
  /** How far the history goes back, in as many points. */
  readonly since: Milliseconds;
  readonly points: number;
}

/** Asks for everything that a status says. @throws UserError of `PrometheusClient` */
export async function readStatus(client: PrometheusClient, range: StatusRange): Promise<Readings> {
  const [samples, alerts, histories] = await Promise.all([
    seriesOf(client.ask('query', { query: QUERY })),
    alertsOf(client),
    historiesOf(client, range),
  ]);
  return {
    samples: samples.map(({ labels, values }) => ({ labels: labels.toObject(), value: values[0]! })),
    alerts,
    histories,
  };
}

async function seriesOf(answer: ReturnType<PrometheusClient['ask']>): Promise<readonly ResultSeries[]> {
  const data = decodeQueryData((await answer).data);
  return data.type === 'vector' || data.type === 'matrix' ? data.series : [];
}

async function historiesOf(client: PrometheusClient, { now, since, points }: StatusRange) {
  if (points === 0) return [];
  const step = Math.max(1, Math.floor(since / points / 1000));
  // The last point is now, so that a budget that was just recorded is in it.
  const end = now / 1000;
  const start = end - step * (points - 1);
  const series = await seriesOf(
    client.ask('query_range', {
      query: `${SERIES.budgetRemaining}{slo!=""}`,
      start: String(start),
      end: String(end),
      step: String(step),
    }),
  );
  return series.map(({ labels, timestamps, values }) => {
    const at = new Map(timestamps.map((time, i) => [Math.round((time / 1000 - start) / step), values[i]!]));
    return {
      labels: labels.toObject(),
      values: Array.from({ length: points }, (_, i) => finite(at.get(i))),
    };
  });
}

const finite = (value: number | undefined) => (value !== undefined && Number.isFinite(value) ? value : null);

/** Alerts with the labels `service` and `slo`. Rulers without rules of alerts answer with none. */
async function alertsOf(client: PrometheusClient): Promise<RecordedAlert[]> {
  const { data } = await client.get('alerts');
  const { alerts } = (data ?? {}) as { alerts?: unknown };
  if (!Array.isArray(alerts))
    throw new UserError('prometheus-bad-answer', 'the answer of /api/v1/alerts holds no list of alerts');
  return alerts.flatMap(({ labels, state, activeAt }: ApiAlert) => {
    if (!labels?.slo || (state !== 'firing' && state !== 'pending')) return [];
    const { alertname = '', severity = '' } = labels;
    const since = activeAt === undefined ? Number.NaN : Date.parse(activeAt);
    return [{ labels, alertname, severity, state, activeAt: Number.isNaN(since) ? null : since }];
  });
}

interface ApiAlert {
  readonly labels?: ReturnType<Labels['toObject']>;
  readonly state?: string;
  readonly activeAt?: string;
}
