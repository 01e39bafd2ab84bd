import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineName } from '../../test/peers/support/engine-process.ts';
import { createHttpClient } from '../../test/peers/support/http-client.ts';
import { type ProcessUsage, usageOf } from '../stack/process-usage.ts';
import { DAY, type Dataset } from './dataset.ts';
import { startBenchEngine } from './engines.ts';
import { loadedFolders } from './load.ts';
import { instant } from './questions.ts';
import { lessIsBetter, type Subject } from './row.ts';

const TEN_THOUSAND: Dataset = { job: 'ten-thousand', series: 10_000, span: DAY };
/** After the start, until what replaying left behind is given back. */
const SETTLE_MS = 20_000;
/** What a dashboard might ask; it reads every series. */
const QUERY = 'sum by (code) (rate(http_requests_total[5m]))';

const ROWS = [
  { id: 'memory-rss', title: 'resident memory (RSS), 10,000 series × 1 d', field: 'rssMegabytes' },
  { id: 'memory-pss', title: 'proportional memory (PSS), 10,000 series × 1 d', field: 'pssMegabytes' },
] as const;

/** @throws when the engine does not have the data */
async function usageAfterStart(name: EngineName, folder: string): Promise<ProcessUsage> {
  const engine = await startBenchEngine(name, { folder });
  const client = createHttpClient(engine.address);
  try {
    const { body } = await client.get(instant(QUERY));
    if (JSON.parse(body).data?.result.length === 0) throw new Error(`${name} has no data: ${body}`);
    await sleep(SETTLE_MS);
    return usageOf(engine.pid);
  } finally {
    client.close();
    await engine.stop();
  }
}

/** After a start with the data of a day and one look at all series. */
export const memory: Subject = {
  ids: ROWS.map(({ id }) => id),
  async *measure({ reload, wanted }) {
    const folders = await loadedFolders([TEN_THOUSAND], reload);
    const theirs = await usageAfterStart('prometheus', folders.prometheus);
    const ours = await usageAfterStart('slo-guard', folders['slo-guard']);
    for (const { id, title, field } of ROWS.filter(row => wanted(row.id)))
      yield { id, title, unit: 'MiB', ...lessIsBetter(theirs[field], ours[field]), goal: 1, rounds: 1 };
  },
};
