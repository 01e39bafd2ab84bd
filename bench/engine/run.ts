/**
 * `npm run bench:engine [-- --only PREFIX,…] [--reload]`: the real Prometheus 3.16 and slo-guard on the same data in the
 * same run, both over HTTP. Prints both figures and their ratio; judges nothing.
 */
import { parseArgs } from 'node:util';
import { type EngineProcess, startEngine } from '../../test/peers/support/engine-process.ts';
import { loadedFolder } from './load.ts';
import { measure } from './measure.ts';
import { QUERY_ROWS, QUERY_SETS, type QueryRow } from './query-rows.ts';
import { machine, markdownTable, type ReportRow } from './report.ts';

const { values: options } = parseArgs({
  options: {
    /** Rows whose ids begin with one of these, separated by commas. */
    only: { type: 'string', default: '' },
    /** Load the data again instead of taking those of an earlier run. */
    reload: { type: 'boolean', default: false },
  },
});

/** On a busy machine Prometheus's slowest row takes minutes. */
const NO_TIMEOUT = ['--query.timeout=1h'];

const wanted = (id: string) => options.only.split(',').some(prefix => id.startsWith(prefix));

async function queryRows(rows: readonly QueryRow[]): Promise<ReportRow[]> {
  if (rows.length === 0) return [];
  const folders = {
    theirs: await loadedFolder('prometheus', QUERY_SETS, options.reload),
    ours: await loadedFolder('slo-guard', QUERY_SETS, options.reload),
  };
  const engines: EngineProcess[] = [];
  const report: ReportRow[] = [];
  try {
    engines.push(await startEngine('prometheus', { folder: folders.theirs, flags: NO_TIMEOUT }));
    engines.push(await startEngine('slo-guard', { folder: folders.ours, flags: NO_TIMEOUT }));
    const [theirs, ours] = engines.map(({ address }) => address);
    for (const row of rows) {
      const times = await measure(row, { theirs: theirs!, ours: ours! });
      report.push({ ...row, ...times, unit: 'ms', ratio: times.theirs / times.ours });
      process.stderr.write(`${markdownTable(report.slice(-1)).split('\n')[2]}\n`);
    }
  } finally {
    for (const engine of engines) await engine.stop();
  }
  return report;
}

const rows = QUERY_ROWS.filter(({ id }) => wanted(id));
if (rows.length === 0)
  throw new Error(
    `no row begins with ${options.only}; there are ${QUERY_ROWS.map(({ id }) => id).join(', ')}`,
  );
const about = machine();
const report = await queryRows(rows);
console.log(`\n${about}\n\n${markdownTable(report)}`);
