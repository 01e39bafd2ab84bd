import type { Rng } from '../../../packages/guard/src/core/index.ts';

export const pick = <T>(rng: Rng, items: readonly T[]): T => items[rng.integer(items.length)]!;

/** True in `share` of the calls, 0 to 1. */
export const chance = (rng: Rng, share: number): boolean => rng.next() < share;

/** Uniform in whole numbers, both bounds included. */
export const between = (rng: Rng, least: number, most: number): number =>
  least + rng.integer(most - least + 1);

/** Each item with the given probability; the order is kept. */
export const someOf = <T>(rng: Rng, items: readonly T[], share: number): T[] =>
  items.filter(() => chance(rng, share));

/** One of the choices, each as often as its weight says. */
export function weighted<T>(rng: Rng, choices: ReadonlyArray<readonly [weight: number, item: T]>): T {
  const total = choices.reduce((sum, [weight]) => sum + weight, 0);
  let left = rng.next() * total;
  for (const [weight, item] of choices) {
    left -= weight;
    if (left < 0) return item;
  }
  return choices.at(-1)![1];
}
