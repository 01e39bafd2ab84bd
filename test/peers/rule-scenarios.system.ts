import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readRuleScenarios } from '../../packages/guard/src/rule-tests/scenarios/read-scenarios.ts';
import { runPeer } from './programs.ts';

const folder = mkdtempSync(join(tmpdir(), 'slo-guard-rule-scenarios-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the real promtool on the scenarios of rules', () => {
  it.each(readRuleScenarios())('$name', async ({ rules, test, failure }) => {
    writeFileSync(join(folder, 'rules.yml'), rules);
    writeFileSync(join(folder, 'test.yml'), test);
    const { code, stdout, stderr } = await runPeer('promtool', ['test', 'rules', 'test.yml'], folder);
    if (failure === undefined) expect(code, stderr).toBe(0);
    else expect([code, stdout + stderr]).toEqual([1, expect.stringMatching(/, err: /)]);
    expect(stdout + stderr).toContain(failure ?? 'SUCCESS');
  });
});
