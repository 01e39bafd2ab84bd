import { simpler, type Term } from './term.ts';

/** Enough for the largest query; each try is a question to both engines. */
const MOST_TRIES = 400;

/** The smallest query found that still `fails`, by taking parts in place of wholes. */
export async function shrink(query: Term, fails: (query: Term) => Promise<boolean>): Promise<Term> {
  let smallest = query;
  let tries = 0;
  for (let progress = true; progress && tries < MOST_TRIES; ) {
    progress = false;
    for (const candidate of simpler(smallest)) {
      if (++tries > MOST_TRIES) break;
      if (!(await fails(candidate))) continue;
      smallest = candidate;
      progress = true;
      break;
    }
  }
  return smallest;
}
