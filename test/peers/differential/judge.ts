import type { HttpClient } from '../support/http-client.ts';
import { type Answer, ask } from './ask.ts';
import { type CompareOptions, difference } from './compare.ts';
import { EXACT, inexactness } from './inexact.ts';
import type { When } from './question.ts';

/** Where Prometheus's own answers differ, or the mathematics do. */
const TOLERANCE = 1e-12;
/** How often Prometheus is asked again, when its answer is not ours; of two entries, a map may give one first 7 times in 8. */
const FURTHER_QUESTIONS = 100;

export interface Clients {
  readonly theirs: HttpClient;
  readonly ours: HttpClient;
}

/**
 * How two answers compare. `varies`: Prometheus itself answers now this, now that, and never what we do. Over a range it
 * keeps the results of operators and functions in a Go map, whose order is another every time, so that sums differ in
 * their last bits and ranks among equal values.
 */
export type Verdict =
  | { readonly kind: 'same' | 'varies' }
  | { readonly kind: 'different'; readonly reason: string; readonly theirs: Answer; readonly ours: Answer };

export async function judge(clients: Clients, query: string, when: When): Promise<Verdict> {
  const [theirs, ours] = await Promise.all([
    ask(clients.theirs, query, when),
    ask(clients.ours, query, when),
  ]);
  const options: CompareOptions = {
    ...inexactness(query),
    order: when.kind === 'instant' ? orderOf(query) : 'none',
  };
  const reason = difference(theirs, ours, options);
  if (reason === undefined) return { kind: 'same' };
  const again: Answer[] = [];
  for (let i = 0; i < FURTHER_QUESTIONS; i++) {
    const answer = await ask(clients.theirs, query, when);
    if (difference(answer, ours, options) === undefined) return { kind: 'same' };
    again.push(answer);
  }
  const varies = again.some(answer => difference(theirs, answer, { ...options, ...EXACT }) !== undefined);
  if (!varies) return { kind: 'different', reason, theirs, ours };
  const isNear = (answer: Answer) =>
    difference(answer, ours, { ...EXACT, tolerance: TOLERANCE, order: 'none' }) === undefined;
  return { kind: [theirs, ...again].some(isNear) ? 'same' : 'varies' };
}

/**
 * Ranks and sorting leave open which of equal values comes first, and what goes through a Go map comes in any order: values
 * counted, labels merged, subqueries of operators and functions. Everything else follows the series' own order.
 */
function orderOf(query: string): CompareOptions['order'] {
  const isAny = /count_values|label_(join|replace)|__name__=~|\)\[[^\]]*:/.test(query);
  if (!/topk|bottomk|sort/.test(query)) return isAny ? 'none' : 'series';
  return /^(sort|sort_desc|topk|bottomk) *\(/.test(query) && query.endsWith(')') ? 'values' : 'none';
}
