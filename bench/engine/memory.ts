import { setTimeout as sleep } from 'node:timers/promises';
import { ENGINE_NAMES } from '../../test/peers/support/engine-process.ts';
import { createHttpClient } from '../../test/peers/support/http-client.ts';
import { usageOf } from '../stack/process-usage.ts';
import { DAY, type Dataset, END } from './dataset.ts';
import { startBenchEngine } from './engines.ts';
import { loadedFolders } from './load.ts';
import { lessIsBetter, type Subject } from './row.ts';

const TEN_THOUSAND: Dataset = { job: 'ten-thousand', series: 10_000, span: DAY };
/** After the start, until what replaying left behind is given back. */
const SETTLE_MS = 20_000;
const QUERIES = ['count(http_requests_total)', 'sum by (code) (rate(http_requests_total[5m]))'];

const ROWS = [
  { id: 'memory-rss', title: 'resident memory (RSS), 10,000 series × 1 d', field: 'rssMegabytes' },
  { id: 'memory-pss', title: 'proportional memory (PSS), 10,000 series × 1 d', field: 'pssMegabytes' },
] as const;

/** After a start with the data of a day and one look at all series. */
export const memory: Subject = {
  ids: ROWS.map(({ id }) => id),
  async *measure({ reload, wanted }) {
    const folders = await loadedFolders([TEN_THOUSAND], reload);
    const usages = [];
    for (const name of ENGINE_NAMES) {
      const engine = await startBenchEngine(name, { folder: folders[name] });
      const client = createHttpClient(engine.address);
      for (const query of QUERIES)
        await client.get(`/api/v1/query?${new URLSearchParams({ query, time: String(END / 1000) })}`);
      await sleep(SETTLE_MS);
      usages.push(usageOf(engine.pid));
      client.close();
      await engine.stop();
    }
    for (const { id, title, field } of ROWS.filter(row => wanted(row.id)))
      yield {
        id,
        title,
        unit: 'MiB',
        ...lessIsBetter(usages[0]![field], usages[1]![field]),
        goal: 1,
        rounds: 1,
      };
  },
};
