import { createMatcher, type Matcher, UserError } from '../core/index.ts';
import { parseErrorText, parseMetricSelector } from '../promql/index.ts';
import { BadParameter } from './api-error.ts';
import type { MatcherFields } from './query-protocol.ts';

/**
 * The matchers of series selectors, each of which refuses the empty series (web/api/v1 `parseMatchersParam`).
 *
 * @throws BadParameter, its message after `prefix`
 */
export function matcherSetsOf(selectors: readonly string[], prefix = ''): Array<readonly Matcher[]> {
  const sets = selectors.map(selector => matchersOf(selector, prefix));
  if (sets.some(set => set.every(matcher => matcher.matches(''))))
    throw new BadParameter(`${prefix}match[] must contain at least one non-empty matcher`);
  return sets;
}

/** The matchers of one selector, which may be any. @throws BadParameter, its message after `prefix` */
export function matchersOf(selector: string, prefix = ''): readonly Matcher[] {
  try {
    return parseMetricSelector(selector);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new BadParameter(prefix + parseErrorText(error));
  }
}

/** Matchers as they travel between threads, and back. */
export const fieldsOf = ({ name, operator, value }: Matcher): MatcherFields => [name, operator, value];
export const matcherOf = ([name, operator, value]: MatcherFields): Matcher =>
  createMatcher(name, operator, value);
