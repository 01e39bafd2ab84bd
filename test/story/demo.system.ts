import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'slo-guard-demo-'));

interface Stage {
  readonly stage: string;
  readonly measured: number | null;
}

interface Report {
  readonly passed: boolean;
  readonly failures: readonly string[];
  readonly phases: readonly { readonly stages: readonly Stage[] }[];
  readonly figures: readonly { readonly name: string; readonly measured: number; readonly bound: number }[];
}

/** `slo-guard drill --fresh-stack`, as `npm run demo` runs it. */
async function drill(name: string): Promise<{ report: Report; output: string }> {
  const json = join(folder, `${name}.json`);
  const args = ['drill', '--fresh-stack', '--json', json, join(root, 'drills', `${name}.yaml`)];
  const { stdout } = await run(process.execPath, [join(root, 'packages/guard/bin/slo-guard.js'), ...args], {
    cwd: root,
  }).catch(error => ({ stdout: `${error.stdout}${error.stderr}` }));
  const [report] = JSON.parse(readFileSync(json, 'utf8')) as Report[];
  return { report: report!, output: stdout };
}

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The two drills of `npm run demo`, each on a stack of its own, side by side to save time. */
describe.concurrent('the demo', () => {
  it('proves that the page arrives and clears', { timeout: 600_000 }, async () => {
    const { report, output } = await drill('article');
    expect(report.failures, output).toEqual([]);
    expect(report.passed).toBe(true);
    const stages = report.phases.flatMap(phase => phase.stages);
    expect(stages.map(({ stage }) => stage)).toEqual(
      expect.arrayContaining(['samples scraped', 'alert firing', 'page delivered', 'resolve delivered']),
    );
    expect(stages.filter(({ measured }) => measured === undefined || measured === null)).toEqual([]);
    const page = report.figures.find(({ name }) => name === 'first failing response to page');
    expect(page?.measured).toBeLessThanOrEqual(30);
  });

  it('proves that a 2× burn wakes nobody', { timeout: 400_000 }, async () => {
    const { report, output } = await drill('silent-2x');
    expect(report.failures, output).toEqual([]);
    expect(report.passed).toBe(true);
  });
});
