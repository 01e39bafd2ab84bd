import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../packages/guard/src/promql/index.ts';
import { runScript } from '../../../packages/guard/src/promql/testing.ts';
import { sourceFolder } from '../../../scripts/peers/build.ts';
import { parseSkipList, REASONS } from './skip-list.ts';

/** The settings of the reference's own runs (promqltest.NewTestEngine) that change answers. */
const engine = createEngine({ lookbackDelta: 300_000, maxSamples: 10_000, delayedNameRemoval: true });

const skips = parseSkipList(readFileSync(new URL('./reference-skips.txt', import.meta.url), 'utf8'));

describe("Prometheus's own behaviour scripts", () => {
  const folder = join(sourceFolder('prometheus'), 'promql/promqltest/testdata');
  const evals = readdirSync(folder).flatMap(file =>
    runScript(readFileSync(join(folder, file), 'utf8'), engine).evals.map(each => ({
      place: `${file}:${each.line}`,
      ...each,
    })),
  );
  const failures = evals.filter(each => each.outcome !== 'passed');

  it('pass, but for what stands in the skip list', () => {
    expect(evals.length).toBeGreaterThan(2400);
    expect(failures.filter(({ place }) => !skips.has(place))).toEqual([]);
  });

  it('do not pass where the skip list says that they fail: the list can only shrink', () => {
    const failing = new Set(failures.map(({ place }) => place));
    expect([...skips.keys()].filter(place => !failing.has(place))).toEqual([]);
  });

  it('are skipped for reasons that show', () => {
    const unfounded = failures.filter(each => !REASONS[skips.get(each.place) ?? '']?.(each));
    expect(unfounded.map(({ place, why }) => `${place} ${skips.get(place)}: ${why}`)).toEqual([]);
  });

  it('are counted', () => {
    const skipped = Object.keys(REASONS).map(reason => [
      reason,
      [...skips.values()].filter(each => each === reason).length,
    ]);
    console.log({
      evals: evals.length,
      passed: evals.length - failures.length,
      skipped: Object.fromEntries(skipped),
    });
  });
});
