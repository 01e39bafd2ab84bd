import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readRuleFileCorpus } from '../../packages/guard/src/rules/corpus/read-corpus.ts';
import { runPeer } from './programs.ts';

const folder = mkdtempSync(join(tmpdir(), 'slo-guard-rule-files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the real promtool on the corpus of rule files', () => {
  it.each(readRuleFileCorpus())('$verdict: $name', async ({ verdict, text }) => {
    writeFileSync(join(folder, 'rules.yml'), text);
    const { code, stdout, stderr } = await runPeer(
      'promtool',
      ['check', 'rules', '--lint=none', 'rules.yml'],
      folder,
    );
    expect(code, stdout + stderr).toBe(verdict === 'reject' ? 1 : 0);
  });
});
