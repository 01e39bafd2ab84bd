import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readTextFile } from '../../packages/guard/src/config/index.ts';
import { createVirtualClock } from '../../packages/guard/src/core/index.ts';
import { generateRules, generateRuleTests } from '../../packages/guard/src/generate/index.ts';
import { renderFailure, runRuleTestFile } from '../../packages/guard/src/rule-tests/index.ts';
import { VARIED_SLOS } from './varied-slos.ts';

const folder = mkdtempSync(join(tmpdir(), 'slo-guard-generated-tests-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Why some indicators cannot be tested. */
const UNTESTED: Readonly<Record<string, string>> = {
  native: 'native histograms',
  raw: 'its ratio is an expression that only its author knows',
};

/** The names of the tests that failed, with what they printed. */
async function failures(rules: string, tests: string) {
  writeFileSync(join(folder, 'rules.yml'), rules);
  writeFileSync(join(folder, 'rules.test.yml'), tests);
  const outcome = await runRuleTestFile(join(folder, 'rules.test.yml'), {
    clock: createVirtualClock(0),
    readFile: readTextFile,
  });
  expect(outcome.refusal).toBeUndefined();
  expect(outcome.groups.length).toBeGreaterThan(1);
  return outcome.groups.flatMap(group => group.failures.map(failure => renderFailure(failure, group.name)));
}

describe('the unit tests that are generated beside the rules', () => {
  it.each(VARIED_SLOS.filter(({ name }) => !(name in UNTESTED)))('of the SLO $name pass', async slo => {
    const tests = generateRuleTests([slo], { ruleFile: 'rules.yml' })!;
    expect(await failures(generateRules({ slos: [slo] }), tests)).toEqual([]);
  });

  it.each(Object.entries(UNTESTED))('say why there are none of the SLO %s', (name, reason) => {
    const slo = VARIED_SLOS.find(each => each.name === name)!;
    expect(generateRuleTests([slo], { ruleFile: 'rules.yml' })).toBeUndefined();
    const both = generateRuleTests([slo, VARIED_SLOS[0]!], { ruleFile: 'rules.yml' });
    expect(both).toContain(`# No tests of shop ${name}: ${reason}.\n`);
  });

  it('fail when a rule is wrong', async () => {
    const [slo] = VARIED_SLOS;
    const tests = generateRuleTests([slo!], { ruleFile: 'rules.yml' })!;
    const broken: readonly (readonly [string, string, string])[] = [
      ['the seed of its article: bad divided by bad', ' > 0)\n', ' == 0)\n'],
      ['an alert that never fires', '> 14.4\n', '> 100\n'],
      ['an alert that always fires', '> 6\n', '>= 0\n'],
      ['another budget', ') / 0.01', ') / 0.02'],
    ];
    for (const [what, from, to] of broken) {
      const rules = generateRules({ slos: [slo!] });
      expect(rules).toContain(from);
      expect([what, (await failures(rules.replaceAll(from, to), tests)).length]).not.toEqual([what, 0]);
    }
  });
});
