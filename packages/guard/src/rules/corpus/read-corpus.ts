import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What becomes of a file: the same in both, or refused here alone. */
export type Verdict = 'accept' | 'reject' | 'stricter';

export interface CorpusCase {
  readonly verdict: Verdict;
  readonly name: string;
  readonly text: string;
}

const HEADER = /^=== (accept|reject|stricter): (.*)\n/m;

/** The rule files of `rule-files.txt`, with what is to become of each. */
export function readRuleFileCorpus(): CorpusCase[] {
  const text = readFileSync(join(import.meta.dirname, 'rule-files.txt'), 'utf8');
  const [, ...parts] = text.split(HEADER);
  return Array.from({ length: parts.length / 3 }, (_, i) => ({
    verdict: parts[3 * i] as Verdict,
    name: parts[3 * i + 1]!,
    text: parts[3 * i + 2]!.replace(/\n\n$/, '\n'),
  }));
}
