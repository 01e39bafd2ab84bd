import { formatDuration, METRIC_NAME, type Milliseconds, toSeconds } from '../../core/index.ts';
import type { PrometheusClient } from '../prometheus/client.ts';
import { decodeQueryData, decodeTexts } from '../prometheus/query-result.ts';
import { isCandidate, type Observed, type ObservedMetric } from './observed.ts';

/** Metrics that are looked at, and of each so many series. */
const MOST_METRICS = 200;
const MOST_SERIES = 2_000;
const AT_ONCE = 4;
/** Labels of instances: what they tell apart is counted together. */
const INSTANCES = [
  'instance',
  'pod',
  'pod_name',
  'container',
  'container_id',
  'node',
  'host',
  'hostname',
  'endpoint_ip',
  'uid',
];

/** Asks what the counters of a Prometheus have counted over `history`. @throws UserError of `PrometheusClient` */
export async function observePrometheus(
  client: PrometheusClient,
  { now, history, job }: { now: Milliseconds; history: Milliseconds; job: string | undefined },
): Promise<Observed> {
  const selector = job === undefined ? '' : `{job=${JSON.stringify(job)}}`;
  const { data } = await client.get(`label/${METRIC_NAME}/values`, {
    start: String((now - history) / 1000),
    end: String(now / 1000),
    ...(job !== undefined && { 'match[]': selector }),
  });
  const names = decodeTexts(data).filter(isCandidate).slice(0, MOST_METRICS);
  const metrics: ObservedMetric[] = [];
  const work = async () => {
    for (let name = names.pop(); name !== undefined; name = names.pop()) metrics.push(await metricOf(name));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return {
    metrics: metrics.filter(({ rows }) => rows.length > 0).sort((a, b) => (a.name < b.name ? -1 : 1)),
    from: client.base,
    seconds: toSeconds(history),
  };

  async function metricOf(name: string): Promise<ObservedMetric> {
    const query = `sum without (${INSTANCES.join(', ')}) (increase(${name}${selector}[${formatDuration(history)}]))`;
    const answer = await client.ask('query', { query, limit: String(MOST_SERIES), timeout: '30s' });
    const result = decodeQueryData(answer.data);
    const series = result.type === 'vector' ? result.series : [];
    return {
      name,
      rows: series.slice(0, MOST_SERIES).map(({ labels, values }) => ({
        labels: labels.toObject(),
        total: Math.max(0, values[0]!),
      })),
    };
  }
}
