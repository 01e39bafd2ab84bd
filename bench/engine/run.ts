/**
 * `npm run bench:engine [-- --only PREFIX,…] [--reload] [--output FILE]`: the real Prometheus 3.16 and slo-guard on the
 * same data in the same run, both over HTTP. Prints both figures and their ratio; judges nothing. With `--scaling`, how
 * queries grow with windows and series instead: as data beside this file and as a plot in docs.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { disk } from './disk.ts';
import { ingest } from './ingest.ts';
import { memory } from './memory.ts';
import { progress } from './progress.ts';
import { queries } from './queries.ts';
import { machine, markdownTable, tableLine } from './report.ts';
import { restart } from './restart.ts';
import type { ReportRow } from './row.ts';
import { rules } from './rules.ts';
import { measureScaling } from './scaling.ts';
import { scalingPlot } from './scaling-plot.ts';

const { values: options } = parseArgs({
  options: {
    /** Rows whose ids begin with one of these, separated by commas. */
    only: { type: 'string', default: '' },
    /** Load the data again instead of taking those of an earlier run. */
    reload: { type: 'boolean', default: false },
    /** Write the table to this file as well. */
    output: { type: 'string' },
    scaling: { type: 'boolean', default: false },
  },
});

const SCALING_DATA = join(import.meta.dirname, 'scaling.json');
const SCALING_PLOT = join(import.meta.dirname, '../../docs/engine-scaling.svg');

const SUBJECTS = [queries, rules, ingest, disk, memory, restart];
const wanted = (id: string) => options.only.split(',').some(prefix => id.startsWith(prefix));
const chosen = SUBJECTS.filter(({ ids }) => ids.some(wanted));
if (chosen.length === 0)
  throw new Error(
    `no row begins with ${options.only}; there are ${SUBJECTS.flatMap(({ ids }) => ids).join(', ')}`,
  );

const about = machine();

async function compare(): Promise<void> {
  const report: ReportRow[] = [];
  const failures: string[] = [];
  for (const subject of chosen)
    try {
      for await (const row of subject.measure({ reload: options.reload, wanted })) {
        report.push(row);
        progress(tableLine(row));
      }
    } catch (error) {
      failures.push(`${subject.ids.join(', ')}: ${error instanceof Error ? error.stack : error}`);
    }
  const text = `${about}\n\n${markdownTable(report)}\n`;
  console.log(`\n${text}`);
  if (options.output !== undefined) writeFileSync(options.output, text);
  for (const failure of failures) console.error(failure);
  process.exitCode = failures.length > 0 ? 1 : 0;
}

async function scale(): Promise<void> {
  const points = await measureScaling(options.reload);
  writeFileSync(SCALING_DATA, `${JSON.stringify({ about, points }, undefined, 2)}\n`);
  writeFileSync(SCALING_PLOT, scalingPlot(points, about));
}

await (options.scaling ? scale() : compare());
