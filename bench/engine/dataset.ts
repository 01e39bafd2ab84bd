import { createRng, type Rng } from '../../packages/guard/src/core/index.ts';
import type { SentSeries } from '../../test/peers/support/write-request.ts';

/** Milliseconds between two samples. */
export const INTERVAL = 15_000;
export const DAY = 86_400_000;

/** The newest sample of every set that is kept: a fixed instant, so that what was loaded once serves every later run. */
export const END = Date.UTC(2026, 9, 31, 1);

/** Counters of one job: `http_requests_total` with as many series as wanted. */
export interface Dataset {
  readonly job: string;
  readonly series: number;
  /** How far back the samples reach from the newest; a sample stands at both ends. */
  readonly span: number;
  /** Labels beside the name and the job, by the series' index; `code` and `instance` by default. */
  readonly labels?: (index: number) => Readonly<Record<string, string>>;
}

const CODES = ['200', '201', '404', '500', '503'];
/** As busy as a counter of a small service: requests in 15 s. */
const MOST_INCREMENTS = 40;
/** A process restarts about every ten days. */
const RESET_PROBABILITY = INTERVAL / (10 * DAY);

function defaultLabels(index: number): Readonly<Record<string, string>> {
  const instance = Math.floor(index / CODES.length);
  return {
    code: CODES[index % CODES.length]!,
    instance: `10.0.${Math.floor(instance / 250)}.${instance % 250}:8080`,
    method: 'GET',
  };
}

function labelsOf({ job, labels = defaultLabels }: Dataset, index: number): readonly string[] {
  return Object.entries({ __name__: 'http_requests_total', job, ...labels(index) })
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flat();
}

export const samplesOf = ({ series, span }: Dataset): number => series * (span / INTERVAL + 1);

/** The samples of a set in order of time. */
export interface SampleStream {
  /** Series in it. */
  readonly width: number;
  /** Of the next samples. */
  readonly time: number;
  /** The next `count` samples of every series. */
  take(count: number): readonly SentSeries[];
}

/** The same seed and the same set give the same values from the first sample on, whenever that is. */
export function createStream(dataset: Dataset, from: number, seed = 1): SampleStream {
  const rng = createRng(seed);
  const counters = new Float64Array(dataset.series);
  const labels = Array.from(counters, (_, index) => labelsOf(dataset, index));
  let time = from;
  return {
    width: dataset.series,
    get time() {
      return time;
    },
    take(count) {
      const timestamps = Float64Array.from({ length: count }, (_, i) => time + i * INTERVAL);
      time += count * INTERVAL;
      const values = growth(counters, count, rng);
      return labels.map((one, index) => ({ labels: one, timestamps, values: values[index]! }));
    },
  };
}

/** Instant by instant, so that values do not depend on how many are taken at a time. */
function growth(counters: Float64Array, count: number, rng: Rng): Float64Array[] {
  const values = Array.from(counters, () => new Float64Array(count));
  for (let i = 0; i < count; i++)
    for (let index = 0; index < counters.length; index++) {
      const restarted = rng.next() < RESET_PROBABILITY;
      counters[index] = (restarted ? 0 : counters[index]!) + rng.integer(MOST_INCREMENTS);
      values[index]![i] = counters[index]!;
    }
  return values;
}
