/**
 * `npm test` and `npm run test:system`: static checks, then vitest, then one closing line that counts them all.
 * Each static check counts as one test.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Lane, systemLanes } from './system-lanes.ts';

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

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const root = join(import.meta.dirname, '..');
const bin = join(root, 'node_modules', '.bin');

async function run([command, ...args]: readonly [string, ...string[]], gently = false): Promise<boolean> {
  const program = join(bin, command);
  const [file, words] = gently ? ['nice', ['-n', '10', program, ...args]] : [program, args];
  const [status, signal] = await once(spawn(file, words, { cwd: root, stdio: 'inherit' }), 'exit');
  if (signal !== null) console.error(`${command} was ended by ${signal}`);
  return status === 0;
}

async function check({ name, command }: Check): Promise<Counts> {
  const passed = await run(command);
  console.log(`${passed ? 'ok' : 'FAILED'}: ${name} (${command.join(' ')})`);
  return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 };
}

async function vitest(project: string, { files, gently }: Lane): Promise<Counts> {
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
    const result = JSON.parse(readFileSync(report, 'utf8'));
    const brokenFiles = result.testResults.filter(
      (file: { status: string; assertionResults: unknown[] }) =>
        file.status === 'failed' && file.assertionResults.length === 0,
    ).length;
    const failed = result.numFailedTests + brokenFiles;
    return {
      passed: result.numPassedTests,
      // A run that fails without a failed test (an unhandled error, no test found) still counts.
      failed: failed === 0 && !finished ? 1 : failed,
      skipped: result.numPendingTests + result.numTodoTests,
    };
  } catch (error) {
    console.error(`no report from vitest: ${error instanceof Error ? error.message : error}`);
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const [project = 'unit', ...extra] = process.argv.slice(2);
const counts: Counts[] = [];
if (project === 'unit') for (const one of STATIC_CHECKS) counts.push(await check(one));
const lanes =
  project === 'system' && extra.length === 0 ? systemLanes(root) : [{ files: extra, gently: false }];
counts.push(...(await Promise.all(lanes.map(lane => vitest(project, lane)))));
const sum = (key: keyof Counts) => counts.reduce((total, count) => total + count[key], 0);
console.log(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
process.exitCode = sum('failed') > 0 ? 1 : 0;
