import { INEXACT_FUNCTIONS, INEXACT_OPERATORS } from './catalogue.ts';
import type { When } from './question.ts';
import { FROM } from './schedule.ts';

/** Evaluations of one query, each with another argument. */
const ARGUMENTS = 10_000;

export const EVERY_ARGUMENT: When = {
  kind: 'range',
  start: FROM / 1000,
  end: FROM / 1000 + ARGUMENTS - 1,
  step: 1,
};

/** Grows from 0 to 1, 1 left out. */
const share = `((time() - ${FROM / 1000}) / ${ARGUMENTS})`;

/** Where a function is defined and neither flat nor infinite; from -300 to 300 if nothing else is said. */
const DOMAINS: Readonly<Record<string, string>> = {
  acos: share,
  asin: share,
  acosh: `1 + ${share} * 600`,
  ln: `1 + ${share} * 600`,
  log10: `1 + ${share} * 600`,
  log2: `1 + ${share} * 600`,
};

/** A query for every entry of the tables. */
export const INEXACT_QUERIES: ReadonlyArray<readonly [name: string, query: string]> = [
  ...INEXACT_FUNCTIONS.map(
    name => [name, `${name}(vector(${DOMAINS[name] ?? `${share} * 600 - 300`}))`] as const,
  ),
  ...INEXACT_OPERATORS.map(operator => [operator, `vector(${share} * 100) ${operator} vector(0.3)`] as const),
];
