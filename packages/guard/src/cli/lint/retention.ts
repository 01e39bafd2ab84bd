import { type Milliseconds, parseDuration, UserError } from '../../core/index.ts';
import type { PrometheusClient } from '../prometheus/client.ts';

/**
 * How long the server keeps samples, as `/api/v1/status/runtimeinfo` tells (`15d`, `31d or 512MiB`). Undefined where it
 * is not told, as by servers that are not a Prometheus.
 */
export async function liveRetention(client: PrometheusClient): Promise<Milliseconds | undefined> {
  try {
    const { data } = await client.get('status/runtimeinfo');
    const { storageRetention } = (data ?? {}) as { storageRetention?: unknown };
    return typeof storageRetention === 'string' ? parseDuration(storageRetention.split(' ')[0]!) : undefined;
  } catch (error) {
    if (error instanceof UserError && error.code !== 'prometheus-unreachable') return undefined;
    throw error;
  }
}
