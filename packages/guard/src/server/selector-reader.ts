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

export function createSelectorReader(pool: QueryPool): SelectorReader {
  const ask = async (request: QueryRequest) => {
    const fields = JSON.parse(new TextDecoder().decode(await bodyOf(await pool.run(request))));
    return (fields as MatcherFields[][]).map(set => set.map(matcherOf));
  };
  return {
    sets: async (texts, prefix = '') => (texts.length === 0 ? [] : ask({ kind: 'selectors', texts, prefix })),
    within: expr => ask({ kind: 'selectors-of', expr }),
  };
}

/** @throws ApiError for an answer that is a failure */
function bodyOf(answer: QueryAnswer): Promise<Uint8Array> {
  if (!answer.ok) throw new ApiError(answer.type, answer.message);
  return wholeBody(answer);
}
