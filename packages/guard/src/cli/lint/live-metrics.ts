import type { Milliseconds } from '../../core/index.ts';
import type { LiveMetrics } from '../../slo/index.ts';
import type { PrometheusClient } from '../prometheus/client.ts';
import { decodeQueryData, decodeTexts } from '../prometheus/query-result.ts';
import { labelPath } from '../query/request.ts';

/** What a query may take on the server. */
const TIMEOUT = '30s';
/** Values of a label that are asked for; buckets of a histogram are fewer. */
const MOST_VALUES = 64;
/** Label values are those of this long. */
const RECENT: Milliseconds = 3_600_000;

/** Asks a Prometheus, each question once. @param now the server's time is not asked for */
export function createLiveMetrics(client: PrometheusClient, now: Milliseconds): LiveMetrics {
  const numbers = new Map<string, Promise<number | undefined>>();
  const values = new Map<string, Promise<readonly string[]>>();

  const number = (expr: string) => once(numbers, expr, () => askNumber(client, expr));
  return {
    number,
    count: async selector => (await number(`count(${selector})`)) ?? 0,
    labelValues: (label, selector) =>
      once(values, `${label} ${selector}`, async () => {
        const { data } = await client.get(`label/${labelPath(label)}/values`, {
          'match[]': selector,
          start: String((now - RECENT) / 1000),
          end: String(now / 1000),
          limit: String(MOST_VALUES),
        });
        return decodeTexts(data).sort();
      }),
  };
}

async function askNumber(client: PrometheusClient, query: string): Promise<number | undefined> {
  const { data } = await client.ask('query', { query, timeout: TIMEOUT, limit: '1' });
  const result = decodeQueryData(data);
  const value = result.type === 'vector' ? result.series[0]?.values[0] : undefined;
  return value === undefined || Number.isNaN(value) ? undefined : value;
}

function once<T>(known: Map<string, Promise<T>>, key: string, ask: () => Promise<T>): Promise<T> {
  const asked = known.get(key) ?? ask();
  known.set(key, asked);
  return asked;
}
