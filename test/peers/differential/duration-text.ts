import type { Rng } from '../../../packages/guard/src/core/index.ts';
import { chance, pick, weighted } from './choose.ts';

const RANGES = [
  '5m',
  '5m',
  '1m',
  '10m',
  '1h',
  '1h',
  '100m',
  '30s',
  '90s',
  '1m30s',
  '15s',
  '16s',
  '2h',
  '7m',
  '300',
  '61.5',
];
const STEPS = ['1m', '1m', '30s', '5m', '45s', '90', '17s'];
const OFFSETS = ['1m', '5m', '-1m', '30s', '1h', '-7m', '90', '0s', '1m30s', '1ms'];
const SUMS = ['1m + 30s', '2 * 1m', '5m - 1m', '10m / 2', '1m * 2 ^ 2', '7m % 4m', '-(-2m)', '(1m + 1m) * 2'];
const OF_THE_QUERY = [
  'step() + 1m',
  'max_of(step(), 1m)',
  'min_of(5m, step() + 15s)',
  'range() + 2m',
  '2m + step() / 2',
];

const computed = (rng: Rng) => pick(rng, chance(rng, 0.5) ? SUMS : OF_THE_QUERY);

export const rangeText = (rng: Rng): string =>
  weighted(rng, [
    [12, () => pick(rng, RANGES)],
    [1, () => computed(rng)],
  ])();

/** A subquery's: as few evaluations as still show something. */
export const subqueryRange = (rng: Rng): string => pick(rng, ['5m', '10m', '3m', '1m', '20m', '90s']);
/** Empty for the default, which is the evaluation interval. */
export const subqueryStep = (rng: Rng): string => (chance(rng, 0.15) ? '' : pick(rng, STEPS));

export const offsetText = (rng: Rng): string => pick(rng, OFFSETS);
/** After it, an operator would belong to the duration: the selector must end there. */
export const computedOffset = (rng: Rng): string => `(${computed(rng)})`;
