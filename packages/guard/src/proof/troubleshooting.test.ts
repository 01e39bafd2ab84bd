import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { REMEDIES } from './causes.ts';
import { DRILL_ERRORS, FAILURES } from './codes.ts';

const text = readFileSync(join(import.meta.dirname, '../../../../docs/troubleshooting.md'), 'utf8');

/** The first cells of the table below a heading. */
function entriesUnder(heading: string): string[] {
  const [, section] = text.split(`### ${heading}\n`);
  const [body] = (section ?? '').split(/^#/m);
  return [...body!.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, code]) => code!);
}

it.each([
  ['Errors (exit code 2)', DRILL_ERRORS],
  ['Failures (exit code 1)', FAILURES],
  ['Causes of a broken hop', Object.keys(REMEDIES)],
])('docs/troubleshooting.md lists under "%s" what a drill can say, and nothing else', (heading, codes) => {
  expect(entriesUnder(heading)).toEqual([...codes]);
});
