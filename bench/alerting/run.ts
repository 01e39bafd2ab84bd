/**
 * `npm run bench:alerting [-- --only PREFIX,…] [--output FILE]`: the real Alertmanager 0.34 (and Prometheus 3.16 for
 * rules) and slo-guard under the same alerts in the same run, over HTTP. Prints both figures and their ratio; judges
 * nothing.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { progress } from '../engine/progress.ts';
import { machine, markdownTable, tableLine } from '../engine/report.ts';
import type { ReportRow } from '../engine/row.ts';
import { accept } from './accept.ts';
import { durableWritesPerSecond } from './disk.ts';
import { lateness } from './lateness.ts';
import { memory } from './memory.ts';
import { notify } from './notify.ts';
import { rules } from './rules.ts';

const { values: options } = parseArgs({
  options: {
    /** Rows whose ids begin with one of these, separated by commas. */
    only: { type: 'string', default: '' },
    /** Write the table to this file as well. */
    output: { type: 'string' },
  },
});

const SUBJECTS = [accept, notify, memory, lateness, rules];
const wanted = (id: string) => options.only.split(',').some(prefix => id.startsWith(prefix));
const chosen = SUBJECTS.filter(({ ids }) => ids.some(wanted));
if (chosen.length === 0)
  throw new Error(
    `no row begins with ${options.only}; there are ${SUBJECTS.flatMap(({ ids }) => ids).join(', ')}`,
  );

const about = `${machine()}; ${Math.round(durableWritesPerSecond())} durable page writes a second`;
const report: ReportRow[] = [];
const failures: string[] = [];
for (const subject of chosen)
  try {
    for await (const row of subject.measure({ reload: false, wanted })) {
      report.push(row);
      progress(tableLine(row));
    }
  } catch (error) {
    failures.push(`${subject.ids.join(', ')}: ${error instanceof Error ? error.stack : error}`);
  }
const text = `${about}\n\n${markdownTable(report, 'Alertmanager 0.34')}\n`;
console.log(`\n${text}`);
if (options.output !== undefined) writeFileSync(options.output, text);
for (const failure of failures) console.error(failure);
process.exitCode = failures.length > 0 ? 1 : 0;
