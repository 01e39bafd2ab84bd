import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Both, startBoth } from './scrape/both.ts';
import { createRandomBodies } from './scrape/random-bodies.ts';

/** The first body of a seed is that of its first target. */
const SEED = 20_316;
const TARGETS = 300;
const SCRAPES = 2;

const random = createRandomBodies(SEED);
const bodies = Array.from({ length: TARGETS }, random);
let both: Both;

beforeAll(async () => {
  both = await startBoth({
    other: path => bodies[Number(path.slice(1))],
    // A long interval: there are many targets.
    config: ({ address }) => `global: { scrape_interval: 10s }
scrape_configs:
  - job_name: random
    static_configs:
${bodies.map((_, i) => `      - { targets: ['${address}'], labels: { i: '${i}', __metrics_path__: /${i} } }\n`).join('')}`,
  });
}, 180_000);
afterAll(() => both.stop());

/** A blank at the start of a line becomes part of a name in the reference: a known difference. */
const startsWithBlank = (body: unknown) => /^[ \t]+[^ \t\n#]/m.test(String(body));

it(`stores ${TARGETS} random expositions the same`, async () => {
  await both.reach('{i="0"}', SCRAPES);
  let accepted = 0;
  for (const [i, { body }] of bodies.entries()) {
    const selector = `{i="${i}"}`;
    await both.reach(selector, SCRAPES);
    if (startsWithBlank(body)) continue;
    const expected = await both.theirs.stored(selector, SCRAPES);
    expect(await both.ours.stored(selector, SCRAPES), JSON.stringify(body)).toEqual(expected);
    if (JSON.stringify(expected).includes('#0 1')) accepted++;
  }
  // The bodies are not all refused, nor all accepted.
  expect(accepted).toBeGreaterThan(TARGETS / 10);
}, 170_000);
