import type { Rng } from '../../../packages/guard/src/core/index.ts';
import { chance, pick } from './choose.ts';

/** The values of one series, one call a sample. */
export type Values = () => number;

/** A counter that now and then starts again. */
export function counter(rng: Rng, increment: () => number, resets = 0.01): Values {
  let value = increment() * rng.integer(50);
  return () => {
    value = chance(rng, resets) ? increment() : value + increment();
    return value;
  };
}

export const wholeCounter = (rng: Rng): Values => counter(rng, () => rng.integer(20));
/** Sums of decimal fractions: every addition rounds. */
export const fractionalCounter = (rng: Rng): Values => counter(rng, () => rng.integer(1000) / 10 + 0.1);
/** Beyond the whole numbers that a float can tell apart. */
export const hugeCounter = (rng: Rng): Values => counter(rng, () => 2 ** 53 * rng.next() * 4);
/** Long stretches without an event. */
export const rareCounter = (rng: Rng): Values => counter(rng, () => (chance(rng, 0.05) ? 1 : 0), 0.002);

export function walk(rng: Rng): Values {
  let value = rng.next() * 100 - 50;
  return () => {
    value += rng.next() * 4 - 2;
    return value;
  };
}

/** A few values that repeat, for ties, counts and comparisons. */
export const levels =
  (rng: Rng): Values =>
  () =>
    pick(rng, [0, 1, 1, 2, 3, -1, 0.5]);

const EXTREMES = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  0,
  1,
  -1,
  1e308,
  -1e308,
  1e-290,
  1e-300,
  1e15,
  123456789.123,
  2 ** 53,
  -(2 ** 63),
];
export const extremes =
  (rng: Rng): Values =>
  () =>
    pick(rng, EXTREMES);

/** Ordinary but for a NaN, an infinity or a negative zero now and then. */
export const spiked = (rng: Rng): Values => {
  const ordinary = walk(rng);
  return () => (chance(rng, 0.04) ? pick(rng, [...EXTREMES, -0]) : ordinary());
};

/** All magnitudes, both signs. */
export const magnitudes =
  (rng: Rng): Values =>
  () =>
    (rng.next() - 0.5) * 10 ** (rng.integer(40) - 20);

export const constant =
  (value: number): (() => Values) =>
  () =>
  () =>
    value;

/** Unix seconds: for `time() - x` and the functions of the calendar. */
export const instants = (rng: Rng): Values => {
  const first = rng.integer(2 ** 31);
  return () => first + rng.integer(86_400 * 400);
};
