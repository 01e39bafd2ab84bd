/**
 * `npm test` and `npm run test:system`: static checks, then vitest, then one closing line that counts them all.
 * Each static check counts as one test.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Lane, systemStages } from './system-lanes.ts';
import { type Outcome, outcomeOf } from './test-report.ts';

interface Check {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

const STATIC_CHECKS: readonly Check[] = [
  { name: 'types', command: ['tsc', '-p', '.'] },
  { name: 'types of the console', command: ['tsc', '-p', 'packages/console'] },
  { name: 'lint and format', command: ['biome', 'check', '--error-on-warnings', '.'] },
  { name: 'dead code', command: ['knip', '--no-progress'] },
];

const root = join(import.meta.dirname, '..');
const bin = join(root, 'node_modules', '.bin');

async function run([command, ...args]: readonly [string, ...string[]], gently = false): Promise<boolean> {
  const program = join(bin, command);
  const [file, words] = gently ? ['nice', ['-n', '10', program, ...args]] : [program, args];
  const [status, signal] = await once(spawn(file, words, { cwd: root, stdio: 'inherit' }), 'exit');
  if (signal !== null) console.error(`${command} was ended by ${signal}`);
  return status === 0;
}

async function check({ name, command }: Check): Promise<Outcome> {
  const passed = await run(command);
  console.log(`${passed ? 'ok' : 'FAILED'}: ${name} (${command.join(' ')})`);
  return { passed: passed ? 1 : 0, skipped: 0, failures: passed ? [] : [name] };
}

async function vitest(project: string, { files, gently }: Lane): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'slo-guard-tests-'));
  const report = join(folder, 'report.json');
  try {
    const finished = await run(
      [
        'vitest',
        'run',
        '--project',
        project,
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report}`,
        ...files,
      ],
      gently,
    );
    const outcome = outcomeOf(JSON.parse(readFileSync(report, 'utf8')), root);
    // An unhandled error, or no test found.
    const isUnexplained = !finished && outcome.failures.length === 0;
    return isUnexplained
      ? { ...outcome, failures: [`the ${project} tests, outside of any of them`] }
      : outcome;
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    return { passed: 0, skipped: 0, failures: [`no report from vitest: ${reason}`] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const [project = 'unit', ...extra] = process.argv.slice(2);
const outcomes: Outcome[] = [];
if (project === 'unit') for (const one of STATIC_CHECKS) outcomes.push(await check(one));
const stages =
  project === 'system' && extra.length === 0 ? systemStages(root) : [[{ files: extra, gently: false }]];
for (const lanes of stages) outcomes.push(...(await Promise.all(lanes.map(lane => vitest(project, lane)))));
const sum = (key: 'passed' | 'skipped') => outcomes.reduce((total, outcome) => total + outcome[key], 0);
const failures = outcomes.flatMap(outcome => outcome.failures);
for (const failure of failures) console.log(`FAILED: ${failure}`);
console.log(`${sum('passed')} passed, ${failures.length} failed, ${sum('skipped')} skipped`);
process.exitCode = failures.length > 0 ? 1 : 0;
