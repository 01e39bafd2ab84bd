import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Rules, a test of them, and whether it passes. */
export interface RuleScenario {
  readonly name: string;
  /** The text that a rule fails with, and with it the test; undefined where it passes. */
  readonly failure: string | undefined;
  /** A rule file. */
  readonly rules: string;
  /** A test file for `rules.yml` beside it. */
  readonly test: string;
}

const HEADER = /^=== (.*)\n/m;
const FAILURE = ', which fails: ';

/** Every scenario of the text files in this folder. */
export function readRuleScenarios(): RuleScenario[] {
  return readdirSync(import.meta.dirname)
    .filter(file => file.endsWith('.txt'))
    .sort()
    .flatMap(file => {
      const [, ...parts] = readFileSync(join(import.meta.dirname, file), 'utf8').split(HEADER);
      return Array.from({ length: parts.length / 2 }, (_, i) => scenario(parts[2 * i]!, parts[2 * i + 1]!));
    });
}

function scenario(header: string, body: string): RuleScenario {
  const [name = '', failure] = header.split(FAILURE);
  const [rules, test] = body.split('\n---\n');
  if (rules === undefined || test === undefined) throw new Error(`the scenario "${name}" lacks a test`);
  return { name, failure, rules: `${rules}\n`, test: `rule_files: [rules.yml]\n${test}` };
}
