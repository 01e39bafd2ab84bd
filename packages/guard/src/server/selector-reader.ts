import type { Matcher } from '../core/index.ts';
import { ApiError } from './api-error.ts';
import type { QueryPool } from './query-pool.ts';
import type { MatcherFields, QueryRequest } from './query-protocol.ts';
import { type QueryAnswer, wholeBody } from './query-thread.ts';
import { matcherOf } from './selectors.ts';

/** Reads selectors that clients give for what the main thread holds: a long text is parsed on a worker all the same. */
export interface SelectorReader {
  /** The matchers of each selector. @throws ApiError, its message after `prefix` */
  sets(selectors: readonly string[], prefix?: string): Promise<Matcher[][]>;
  /** The matchers of each selector in an expression. @throws ApiError */
  within(expr: string): Promise<Matcher[][]>;
}

/**
 * Characters of regular expressions that are compiled on the main thread at most: compiling takes about a microsecond
 * a character, and nothing may hold up an evaluation.
 */
const MAX_REGEXP_LENGTH = 10_000;

export function createSelectorReader(pool: QueryPool): SelectorReader {
  const ask = async (request: QueryRequest) => {
    const fields = JSON.parse(new TextDecoder().decode(await bodyOf(await pool.run(request))));
    return matchersOf(fields as MatcherFields[][]);
  };
  return {
    sets: async (texts, prefix = '') => (texts.length === 0 ? [] : ask({ kind: 'selectors', texts, prefix })),
    within: expr => ask({ kind: 'selectors-of', expr }),
  };
}

/** @throws ApiError for too long regular expressions */
function matchersOf(sets: readonly MatcherFields[][]): Matcher[][] {
  const regexps = sets.flat().filter(([, operator]) => operator === '=~' || operator === '!~');
  const length = regexps.reduce((sum, [, , value]) => sum + value.length, 0);
  if (length > MAX_REGEXP_LENGTH)
    throw new ApiError(
      'bad_data',
      `the regular expressions have ${length} characters; the limit is ${MAX_REGEXP_LENGTH} here`,
    );
  return sets.map(set => set.map(matcherOf));
}

/** @throws ApiError for an answer that is a failure */
function bodyOf(answer: QueryAnswer): Promise<Uint8Array> {
  if (!answer.ok) throw new ApiError(answer.type, answer.message);
  return wholeBody(answer);
}
