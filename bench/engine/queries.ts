import { startBoth } from './engines.ts';
import { loadedFolders } from './load.ts';
import { measureQuery } from './measure.ts';
import { QUERY_ROWS, QUERY_SETS } from './query-rows.ts';
import { lessIsBetter, type Subject } from './row.ts';

/** Single queries, over HTTP. */
export const queries: Subject = {
  ids: QUERY_ROWS.map(({ id }) => id),
  async *measure({ reload, wanted }) {
    const rows = QUERY_ROWS.filter(({ id }) => wanted(id));
    const folders = await loadedFolders(QUERY_SETS, reload);
    const engines = await startBoth(folders);
    try {
      for (const row of rows) {
        const { theirs, ours, rounds } = await measureQuery(row.path, {
          theirs: engines.prometheus.address,
          ours: engines['slo-guard'].address,
        });
        yield { ...row, unit: 'ms', ...lessIsBetter(theirs, ours), rounds };
      }
    } finally {
      await engines.stop();
    }
  },
};
