import { describe, expect, it } from 'vitest';
import { UserError } from '../core/index.ts';
import { readRuleFileCorpus } from './corpus/read-corpus.ts';
import { loadRuleFile } from './index.ts';

describe('the corpus of rule files', () => {
  it.each(readRuleFileCorpus())('$verdict: $name', ({ verdict, text }) => {
    let refusal: unknown;
    try {
      loadRuleFile('rules.yml', text);
    } catch (error) {
      refusal = error;
    }
    if (verdict === 'accept') {
      expect(refusal).toBeUndefined();
      return;
    }
    expect(refusal).toBeInstanceOf(UserError);
    for (const problem of (refusal as UserError).problems) {
      expect(problem).toMatchObject({
        position: { file: 'rules.yml' },
        excerpt: expect.stringContaining('^'),
      });
    }
  });
});
