/**
 * Random queries on random data, asked of the real Prometheus and of the guard. `SLO_GUARD_DIFFERENTIAL_SEED=n` and
 * `SLO_GUARD_DIFFERENTIAL_QUERIES=n` ask others than the ones of every run.
 */
import { afterAll, describe, expect, it } from 'vitest';
import { ask } from './differential/ask.ts';
import { difference } from './differential/compare.ts';
import { EXACT, inexactness } from './differential/inexact.ts';
import { EVERY_ARGUMENT, INEXACT_QUERIES } from './differential/inexact-arguments.ts';
import { judge } from './differential/judge.ts';
import { type Pair, startPair } from './differential/pair.ts';
import type { When } from './differential/question.ts';
import regressions from './differential/regressions.json' with { type: 'json' };
import { findDifferences } from './differential/run.ts';

const { SLO_GUARD_DIFFERENTIAL_SEED: seedGiven, SLO_GUARD_DIFFERENTIAL_QUERIES: queriesGiven } = process.env;
const SEEDS = seedGiven === undefined ? [1, 2, 3, 4] : [Number(seedGiven)];
const QUERIES_A_SEED = Number(queriesGiven ?? 2_500);

const RESTART_SEED = 5;
const QUERIES_AFTER_RESTART = 500;

/** The share of queries that may have several answers in Prometheus, none of which is ours. */
const MOST_VARYING = 0.002;

const pairs = new Map<number, Promise<Pair>>();
function pairOf(seed: number): Promise<Pair> {
  const pair = pairs.get(seed) ?? startPair(seed);
  pairs.set(seed, pair);
  return pair;
}
afterAll(async () => {
  for (const pair of await Promise.allSettled(pairs.values()))
    if (pair.status === 'fulfilled') await pair.value.stop();
});

describe('the guard and the real Prometheus', () => {
  it.each(SEEDS)(
    `answer ${QUERIES_A_SEED.toLocaleString('en')} random queries alike: seed %d`,
    async seed => {
      const pair = await pairOf(seed);
      const { asked, different, varying } = await findDifferences(pair, seed, QUERIES_A_SEED);
      // Seed, query, both answers and the smallest query that still differs.
      expect(different).toEqual([]);
      expect(asked).toBe(QUERIES_A_SEED);
      expect(varying.length, varying.join('\n')).toBeLessThanOrEqual(asked * MOST_VARYING);
    },
    Math.max(180_000, QUERIES_A_SEED * 50),
  );

  it('answer alike after they were started anew', async () => {
    const pair = await pairOf(SEEDS[0]!);
    await pair.restart();
    const { asked, different } = await findDifferences(pair, RESTART_SEED, QUERIES_AFTER_RESTART);
    expect(different).toEqual([]);
    expect(asked).toBe(QUERIES_AFTER_RESTART);
  });

  it.each(regressions)('answer alike what they once did not: $found', async ({ query, when }) => {
    const { clients } = await pairOf(SEEDS[0]!);
    expect(await judge(clients, query, when as When)).toEqual({ kind: 'same' });
  });

  it.each(INEXACT_QUERIES)('differ in the last bits of %s, and in those alone', async (_, query) => {
    const { clients } = await pairOf(SEEDS[0]!);
    const theirs = await ask(clients.theirs, query, EVERY_ARGUMENT);
    const ours = await ask(clients.ours, query, EVERY_ARGUMENT);
    expect(difference(theirs, ours, { ...inexactness(query), order: 'none' })).toBeUndefined();
    expect(difference(theirs, ours, { ...EXACT, order: 'none' })).toBeDefined();
  });
});

describe('the comparison', () => {
  it('finds a wrong last digit and tells the smallest query that shows it', async () => {
    const { clients, data } = await pairOf(SEEDS[0]!);
    const wrong = {
      ...clients.ours,
      post: async (...request: Parameters<typeof clients.ours.post>) => {
        const answer = await clients.ours.post(...request);
        const asks = new URLSearchParams(String(request[1])).get('query')!;
        const body = asks.includes('resets(') ? answer.body.replaceAll(/([02468])"\]/g, '1"]') : answer.body;
        return { ...answer, body };
      },
    };
    const { different } = await findDifferences({ clients: { ...clients, ours: wrong }, data }, 1, 2_500, 3);
    expect(different.length).toBeGreaterThan(0);
    for (const { minimal } of different) expect(minimal).toMatch(/^resets\(.*\)$/);
  });
});
