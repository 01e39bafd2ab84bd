import type { Rng } from '../../../packages/guard/src/core/index.ts';
import { chance, pick } from './choose.ts';

/** Bounds as they stand in `le`. */
export interface HistogramShape {
  readonly job: string;
  readonly les: readonly string[];
  /** The share of samples whose buckets are not cumulative. */
  readonly broken: number;
}

/** Sound ones, and every way that a classic histogram can be odd. */
export const HISTOGRAMS: readonly HistogramShape[] = [
  { job: 'api', les: ['0.1', '0.5', '1.0', '5.0', '+Inf'], broken: 0 },
  { job: 'db', les: ['0.005', '0.01', '0.025', '0.05', '0.1', '0.25', '1', '+Inf'], broken: 0.05 },
  { job: 'web', les: ['-1', '0', '1', '+Inf'], broken: 0 },
  { job: 'without-inf', les: ['0.1', '1'], broken: 0 },
  { job: 'lone-inf', les: ['+Inf'], broken: 0 },
  { job: 'odd-le', les: ['0.1', 'wide', '1', '1.0', '+Inf'], broken: 0 },
  { job: 'below-zero', les: ['-10', '-5', '-1', '+Inf'], broken: 0.01 },
];

/** Observations a bucket and scrape; the counts of one instant are cumulative unless they are broken. */
export function bucketCounts(rng: Rng, { les, broken }: HistogramShape): () => Float64Array {
  const seen = new Float64Array(les.length);
  const idle = chance(rng, 0.2);
  return () => {
    for (let i = 0; i < les.length; i++) seen[i]! += idle ? 0 : rng.integer(8);
    let total = 0;
    const cumulative = seen.map(own => {
      total += own;
      return total;
    });
    if (chance(rng, broken)) cumulative[rng.integer(les.length)]! -= pick(rng, [1, 0.5, 1e-9]);
    return cumulative;
  };
}
