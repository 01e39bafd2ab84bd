import type { Clock, Milliseconds } from '../../core/index.ts';
import { UserError } from '../../core/index.ts';
import { loadSloFiles } from '../../slo/index.ts';
import { createPrometheusClient } from '../prometheus/client.ts';
import { type ConnectionFlags, connectionOf, secretsOf } from '../prometheus/connection.ts';
import { readYamlFiles } from '../read-sources.ts';
import { assembleStatus } from './assemble.ts';
import type { SloStatus } from './model.ts';
import { readStatus } from './read-status.ts';

export interface StatusRequest {
  /** SLO files or directories; none for everything that is recorded. */
  readonly paths: readonly string[];
  /** `service/name` or `name`; none for all. */
  readonly wanted: readonly string[];
  readonly connection: ConnectionFlags;
  readonly since: Milliseconds;
  readonly points: number;
}

/** Reads the status from a Prometheus. @throws UserError `unknown-slo`, of the files and of `PrometheusClient` */
export async function askStatus(
  { paths, wanted, connection, since, points }: StatusRequest,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<SloStatus[]> {
  const declared = paths.length === 0 ? undefined : loadSloFiles(paths.flatMap(readYamlFiles)).slos;
  const client = createPrometheusClient({
    connection: connectionOf(connection, secretsOf(process.env)),
    signal,
  });
  try {
    const readings = await readStatus(client, { now: clock.now(), since, points });
    return chosen(assembleStatus(readings, declared), wanted);
  } finally {
    await client.close();
  }
}

function chosen(statuses: readonly SloStatus[], wanted: readonly string[]): SloStatus[] {
  const matches = ({ service, slo }: SloStatus, text: string) => text === slo || text === `${service}/${slo}`;
  const missing = wanted.find(text => !statuses.some(status => matches(status, text)));
  if (missing !== undefined)
    throw new UserError('unknown-slo', `--slo: ${JSON.stringify(missing)} is not recorded there`, {
      remedy: `recorded are: ${statuses.map(({ service, slo }) => `${service}/${slo}`).join(', ') || 'none'}`,
    });
  return statuses.filter(status => wanted.length === 0 || wanted.some(text => matches(status, text)));
}
