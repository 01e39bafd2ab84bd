/**
 * `npm run bench:generate [-- --rounds N]`: 10,000 SLOs in 1,000 files, in Sloth's form, which the real Sloth reads in
 * the same run, and a single file from the start of the process to its end. Prints each figure beside its goal; judges
 * nothing. Needs `npm run peers sloth`.
 */
import { globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { programPath } from '../../scripts/peers/catalog.ts';
import { machine } from '../engine/report.ts';
import { FILES, SLOS_A_FILE, slothFile, writeCorpus } from './corpus.ts';
import { type Run, runProgram } from './run-program.ts';

const { values: flags } = parseArgs({ options: { rounds: { type: 'string', default: '3' } } });
const rounds = Number(flags.rounds);
if (!(Number.isInteger(rounds) && rounds > 0)) throw new Error('--rounds takes a whole number above 0');

const BIN = join(import.meta.dirname, '../../packages/guard/bin/slo-guard.js');

interface Work {
  readonly title: string;
  readonly goal: string;
  readonly program: string;
  /** `{out}` stands for a folder that is empty. */
  readonly args: readonly string[];
  /** What must be there afterwards, so that nothing is measured that did nothing. */
  readonly writes: number;
}

const ours = (...args: string[]) => ({ program: process.execPath, args: [BIN, ...args] });
const sloth = (...args: string[]) => ({ program: programPath('sloth'), args });

const WORK: readonly Work[] = [
  { title: 'Sloth, all', goal: '', ...sloth('generate', '-i', 'in', '-o', '{out}'), writes: FILES },
  {
    title: 'generate --compat sloth, all',
    goal: '',
    ...ours('generate', '--compat', 'sloth', '-i', 'in', '-o', '{out}'),
    writes: FILES,
  },
  {
    title: 'generate --target prometheus, all',
    goal: '3 s, 300 MB',
    ...ours('generate', '--target', 'prometheus', '--no-tests', '-i', 'in', '-o', '{out}'),
    writes: FILES,
  },
  { title: 'lint, all', goal: '3 s', ...ours('lint', 'in'), writes: 0 },
  {
    title: 'Sloth, one file of one SLO',
    goal: '',
    ...sloth('generate', '-i', 'one.yml', '-o', '{out}/one.yml'),
    writes: 1,
  },
  {
    title: 'generate --compat sloth, one file',
    goal: '0.2 s',
    ...ours('generate', '--compat', 'sloth', '-i', 'one.yml', '-o', '{out}/one.yml'),
    writes: 1,
  },
  {
    title: 'generate --target prometheus, one file',
    goal: '0.2 s',
    ...ours('generate', '--target', 'prometheus', '--no-tests', '-i', 'one.yml', '-o', '{out}'),
    writes: 1,
  },
];

const median = (runs: readonly Run[]): Run =>
  [...runs].sort((a, b) => a.seconds - b.seconds)[Math.floor(runs.length / 2)]!;

const folder = mkdtempSync(join(tmpdir(), 'slo-guard-bench-'));
try {
  console.log(machine());
  writeCorpus(join(folder, 'in'));
  writeFileSync(join(folder, 'one.yml'), slothFile(0, 1));
  console.log(`${FILES * SLOS_A_FILE} SLOs in ${FILES} files; the median of ${rounds} rounds\n`);
  for (const work of WORK) console.log(line(work, median(await runsOf(work))));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function runsOf({ program, args, writes }: Work): Promise<Run[]> {
  const runs: Run[] = [];
  for (let round = 0; round < rounds; round++) {
    const out = mkdtempSync(join(folder, 'out-'));
    const given = args.map(arg => arg.replace('{out}', out));
    runs.push(await runProgram(program, given, folder));
    const written = globSync('**/*.{yml,yaml}', { cwd: out }).length;
    if (written < writes) throw new Error(`${program} wrote ${written} files, not ${writes}`);
    rmSync(out, { recursive: true });
  }
  return runs;
}

function line({ title, goal }: Work, { seconds, cpuSeconds, megabytes }: Run): string {
  const figures = [`${seconds.toFixed(2)} s`, `${cpuSeconds.toFixed(2)} CPU s`, `${megabytes.toFixed(0)} MB`];
  return `${title.padEnd(40)}${figures.map(text => text.padStart(13)).join('')}${goal && `   goal ≤ ${goal}`}`;
}
