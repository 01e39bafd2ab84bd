import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { generateRules, generateRuleTests } from '../../packages/guard/src/generate/index.ts';
import { runPeer } from '../peers/programs.ts';
import { VARIED_SLOS } from './varied-slos.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'slo-guard-promtool-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the real promtool', () => {
  it('takes the rules of every kind of SLO', async () => {
    writeFileSync(join(folder, 'all.rules.yml'), generateRules({ slos: VARIED_SLOS }));
    const printed = await runPeer('promtool', ['check', 'rules', '--lint-fatal', 'all.rules.yml'], folder);
    expect(printed).toMatchObject({ code: 0, stdout: expect.stringMatching(/SUCCESS: \d{3} rules found/) });
  });

  it.each(VARIED_SLOS)('passes the generated tests of the SLO $name', async slo => {
    const tests = generateRuleTests([slo], { ruleFile: `${slo.name}.rules.yml` });
    if (tests === undefined) return expect(['native', 'raw']).toContain(slo.name);
    writeFileSync(join(folder, `${slo.name}.rules.yml`), generateRules({ slos: [slo] }));
    writeFileSync(join(folder, `${slo.name}.test.yml`), tests);
    const printed = await runPeer('promtool', ['test', 'rules', `${slo.name}.test.yml`], folder);
    expect(printed).toMatchObject({ code: 0, stdout: expect.stringContaining('SUCCESS') });
  });

  it('passes the committed tests of the rules of the demo', async () => {
    const printed = await runPeer('promtool', ['test', 'rules', 'deploy/prometheus/rules.test.yml'], root);
    expect(printed).toMatchObject({ code: 0, stdout: expect.stringContaining('SUCCESS') });
  });

  it('takes the committed rules of the demo', async () => {
    const printed = await runPeer('promtool', ['check', 'rules', 'deploy/prometheus/rules.yml'], root);
    expect(printed).toMatchObject({ code: 0, stdout: expect.stringContaining('SUCCESS') });
  });
});
