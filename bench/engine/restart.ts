import { ENGINE_NAMES } from '../../test/peers/support/engine-process.ts';
import { startBenchEngine } from './engines.ts';
import { loadedFolders } from './load.ts';
import { QUERY_SETS } from './query-rows.ts';
import { lessIsBetter, median, type Subject } from './row.ts';

const ID = 'restart';
const ROUNDS = 5;

/** From starting the process until it says that it is ready, after an orderly stop. */
export const restart: Subject = {
  ids: [ID],
  async *measure({ reload }) {
    const folders = await loadedFolders(QUERY_SETS, reload);
    const times = { prometheus: [] as number[], 'slo-guard': [] as number[] };
    for (let round = 0; round < ROUNDS; round++)
      for (const name of ENGINE_NAMES) {
        const startedAt = performance.now();
        const engine = await startBenchEngine(name, { folder: folders[name] });
        times[name].push((performance.now() - startedAt) / 1000);
        await engine.stop();
      }
    yield {
      id: ID,
      title: 'restart to ready, 30 d × 220 series',
      unit: 's',
      ...lessIsBetter(median(times.prometheus), median(times['slo-guard'])),
      goal: 1,
      rounds: ROUNDS,
    };
  },
};
