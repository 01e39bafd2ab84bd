import { createMatcher, type Matcher, UserError } from '../core/index.ts';
import { parseErrorText, parseExpr } from '../promql/index.ts';
import { BadParameter } from './api-error.ts';
import type { MatcherFields } from './query-protocol.ts';

/** The matchers of series selectors, each of which refuses the empty series. @throws BadParameter, its message after `prefix` */
export const matcherSetsOf = (selectors: readonly string[], prefix = ''): Array<readonly Matcher[]> =>
  selectors.map(selector => matchersOf(selector, prefix));

const EMPTY_SELECTOR = 'must contain at least one non-empty matcher';

function matchersOf(selector: string, prefix: string): readonly Matcher[] {
  try {
    const expr = parseExpr(selector);
    if (expr.type === 'vector' && !expr.offset && !expr.at) return expr.matchers;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const isEmpty = error.problems[0]?.message.endsWith(EMPTY_SELECTOR);
    throw new BadParameter(prefix + (isEmpty ? `match[] ${EMPTY_SELECTOR}` : parseErrorText(error)));
  }
  throw new BadParameter(`${prefix}${JSON.stringify(selector)} is not a series selector`);
}

/** Matchers as they travel between threads, and back. */
export const fieldsOf = ({ name, operator, value }: Matcher): MatcherFields => [name, operator, value];
export const matcherOf = ([name, operator, value]: MatcherFields): Matcher =>
  createMatcher(name, operator, value);
