import { createRng, type Rng } from '../../packages/guard/src/core/index.ts';
import type { SentSeries } from '../../test/peers/support/write-request.ts';

/** Milliseconds between two samples. */
export const INTERVAL = 15_000;
export const DAY = 86_400_000;

/** The newest sample of every set: a fixed instant, so that a set that was loaded once serves every later run. */
export const END = Date.UTC(2026, 9, 31, 1);

/** Counters of one job: `http_requests_total` with as many series as wanted. */
export interface Dataset {
  readonly job: string;
  readonly series: number;
  /** How far back the samples reach from `END`; a sample stands at both ends. */
  readonly span: number;
}

const CODES = ['200', '201', '404', '500', '503'];
/** As busy as a counter of a small service: requests in 15 s. */
const MOST_INCREMENTS = 40;
/** A process restarts about every ten days. */
const RESET_PROBABILITY = INTERVAL / (10 * DAY);
/** Samples of one series in a block. */
const BLOCK = 120;

function labelsOf({ job }: Dataset, index: number): readonly string[] {
  const code = CODES[index % CODES.length]!;
  const instance = `10.0.${Math.floor(index / CODES.length / 250)}.${Math.floor(index / CODES.length) % 250}:8080`;
  return ['__name__', 'http_requests_total', 'code', code, 'instance', instance, 'job', job, 'method', 'GET'];
}

export const samplesOf = ({ series, span }: Dataset): number => series * (span / INTERVAL + 1);

/** A set in order of time: each block holds the next stretch of every series. The arrays are used again. */
export function* blocksOf(dataset: Dataset, seed = 1): Generator<readonly SentSeries[]> {
  const rng = createRng(seed);
  const counters = new Float64Array(dataset.series);
  const labels = Array.from(counters, (_, index) => labelsOf(dataset, index));
  for (let at = END - dataset.span; at <= END; at += BLOCK * INTERVAL) {
    const count = Math.min(BLOCK, Math.floor((END - at) / INTERVAL) + 1);
    const timestamps = Float64Array.from({ length: count }, (_, i) => at + i * INTERVAL);
    yield labels.map((one, index) => ({
      labels: one,
      timestamps,
      values: grow(counters, index, count, rng),
    }));
  }
}

function grow(counters: Float64Array, index: number, count: number, rng: Rng): Float64Array {
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const restarted = rng.next() < RESET_PROBABILITY;
    counters[index] = (restarted ? 0 : counters[index]!) + rng.integer(MOST_INCREMENTS);
    values[i] = counters[index]!;
  }
  return values;
}
