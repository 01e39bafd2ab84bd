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

/** A template, and what Prometheus makes of it. */
export interface ExpansionCase {
  readonly template: string;
  /** Undefined where it is refused or fails. */
  readonly text: string | undefined;
  readonly isRefused: boolean;
}

const EXPANSION = /^(?!#)(.+)\n(?:= (.*)|! (fails|refused))$/gm;

/** The templates of `expansions.txt`. */
export function readExpansionCorpus(): ExpansionCase[] {
  const text = readFileSync(join(import.meta.dirname, 'expansions.txt'), 'utf8');
  return Array.from(text.matchAll(EXPANSION), ([, template, result, failure]) => ({
    template: template!,
    text: result?.startsWith('"') ? (JSON.parse(result) as string) : result,
    isRefused: failure === 'refused',
  }));
}

/** What stands in the store when they are expanded, in the notation of promtool's tests, and the setting. */
export const EXPANSION_SETTING = {
  series: [
    ['m{job="api",instance="host.example.com:9090",le="0.5",html="<b>&\\"x\\"</b>",n="12.5"}', 1234.5678],
    ['up{job="b",instance="2"}', 1],
    ['up{job="a",instance="10"}', 0],
    ['up{job="c",instance="1"}', 2],
  ],
  externalLabels: { env: 'prod' },
  externalUrl: 'http://ext/p',
  atSeconds: 86_400,
} as const;
