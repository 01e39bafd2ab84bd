import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { main } from '../../packages/guard/src/cli/index.ts';
import { sourceFolder } from '../../scripts/peers/build.ts';
import { runPeer } from './programs.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'slo-guard-rule-tests-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a run of rule tests comes to: the exit code, and of each case how often it failed. */
interface Verdict {
  readonly code: number;
  readonly cases: readonly (readonly [name: string, failures: number])[];
}

const CASE = /<testcase name="([^"]*)"[^>]*?(?:\/>|>(.*?)<\/testcase>)/gs;

const casesOf = (file: string): Verdict['cases'] =>
  Array.from(readFileSync(file, 'utf8').matchAll(CASE), ([, name, content = '']) => [
    name!,
    content.split('<failure>').length - 1,
  ]);

async function ours(args: readonly string[]): Promise<Verdict> {
  const junit = join(folder, 'ours.xml');
  const code = await main(['test', '--junit', junit, ...args]);
  return { code, cases: casesOf(junit) };
}

async function theirs(args: readonly string[]): Promise<Verdict> {
  const junit = join(folder, 'theirs.xml');
  const { code } = await runPeer('promtool', ['test', `--junit=${junit}`, 'rules', ...args], root);
  return { code, cases: casesOf(junit) };
}

/** Cases that need what slo-guard refuses by name. */
const HISTOGRAMS = { file: 'unittest.yml', name: 'unnamed#0' };

const testdata = join(sourceFolder('prometheus'), 'cmd/promtool/testdata');
const isTestFile = (file: string) =>
  /^(?:rule_files|tests):/m.test(readFileSync(join(testdata, file), 'utf8'));
const files = readdirSync(testdata).filter(file => file.endsWith('.yml') && isTestFile(file));

describe("promtool's own test files", () => {
  it('are there', () => {
    expect(files.length).toBeGreaterThan(14);
  });

  it.each(files)('%s gives the same verdict', async file => {
    const args = [join(testdata, file)];
    const [mine, real] = [await ours(args), await theirs(args)];
    if (file !== HISTOGRAMS.file) {
      expect(mine).toEqual(real);
      return;
    }
    const isOther = ([name]: readonly [string, number]) => name !== HISTOGRAMS.name;
    expect(mine.cases.filter(isOther)).toEqual(real.cases.filter(isOther));
    expect([mine.code, real.code]).toEqual([1, 0]);
  });

  it.each([
    ['rules_run.yml', '--run=correct'],
    ['rules_run.yml', '--run=wrong'],
    ['rules_run.yml', '--run=correct', '--run=wrong'],
    ['rules_run.yml', '--run=nothing'],
    ['rules_run_extrafields.yml', '--ignore-unknown-fields'],
    ['failing.yml', '--diff'],
  ])('%s with %s gives the same verdict', async (file, ...flags) => {
    const args = [...flags, join(testdata, file)];
    expect(await ours(args)).toEqual(await theirs(args));
  });
});

describe('our own test files', () => {
  const own = join(root, 'packages/guard/src/rule-tests/testdata');

  it('have windows that promtool refuses to load', async () => {
    const file = join(own, 'thirty-days.test.yml');
    expect((await ours([file])).code).toBe(0);
    const refused = await runPeer('promtool', ['test', 'rules', file], root);
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('would load too many samples into memory'),
    });
  });
});
