import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readTextFile } from '../config/index.ts';
import { createVirtualClock, milliseconds } from '../core/index.ts';
import { renderFailure, runRuleTestFile } from './index.ts';
import { type RuleScenario, readRuleScenarios } from './scenarios/read-scenarios.ts';

const folder = mkdtempSync(join(tmpdir(), 'slo-guard-scenarios-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function failuresOf({ rules, test }: Pick<RuleScenario, 'rules' | 'test'>): Promise<string[]> {
  writeFileSync(join(folder, 'rules.yml'), rules);
  writeFileSync(join(folder, 'test.yml'), test);
  const outcome = await runRuleTestFile(join(folder, 'test.yml'), {
    clock: createVirtualClock(milliseconds(0)),
    readFile: readTextFile,
  });
  expect(outcome.refusal).toBeUndefined();
  return outcome.groups.flatMap(({ failures }) => failures.map(failure => renderFailure(failure, '')));
}

const scenarios = readRuleScenarios();

describe('scenarios of rules', () => {
  it('are many', () => expect(scenarios.length).toBeGreaterThan(50));

  it.each(scenarios)('$name', async scenario => {
    const failures = await failuresOf(scenario);
    if (scenario.failure === undefined) expect(failures).toEqual([]);
    else {
      expect(failures[0]).toContain(scenario.failure);
      expect(failures[0]).toContain(', err: ');
    }
  });

  it('can fail', async () => {
    const { rules, test } = scenarios[0]!;
    expect(await failuresOf({ rules: rules.replace('m > 1', 'm > 5'), test })).not.toEqual([]);
  });
});
