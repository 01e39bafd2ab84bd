import { compareStrings, type Rng } from '../../../packages/guard/src/core/index.ts';
import { writeStaleAt } from '../../../packages/guard/src/promql/index.ts';
import type { SentSeries } from '../support/write-request.ts';
import { chance } from './choose.ts';
import { FAMILIES, type Family } from './families.ts';
import { bucketCounts, HISTOGRAMS, type HistogramShape } from './histograms.ts';
import { FROM, type Schedule, schedule } from './schedule.ts';

type Pairs = Readonly<Record<string, string>>;

/** All series of one seed, ordered by labels, so that both engines meet them in the same order. */
export function generateData(rng: Rng): SentSeries[] {
  return [
    first,
    ...FAMILIES.flatMap(family => familySeries(rng, family)),
    ...HISTOGRAMS.flatMap(shape => histogramSeries(rng, shape)),
  ].sort((a, b) => compareFlat(a.labels, b.labels));
}

/** What comes first tells Prometheus how old samples may be: no more than an hour older. */
const first: SentSeries = {
  labels: ['__name__', 'aaa', 'job', 'api'],
  timestamps: [FROM],
  values: Float64Array.of(1),
};

function compareFlat(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = compareStrings(a[i]!, b[i]!);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function familySeries(rng: Rng, family: Family): SentSeries[] {
  return combinations(family.labels)
    .filter(() => chance(rng, family.share))
    .map(labels => {
      const next = family.values(rng);
      return toSeries({ __name__: family.name, ...labels }, schedule(rng), () => next());
    });
}

function combinations(labels: Readonly<Record<string, readonly string[]>>): Pairs[] {
  let all: Pairs[] = [{}];
  for (const [name, values] of Object.entries(labels))
    all = all.flatMap(pairs => values.map(value => ({ ...pairs, [name]: value })));
  return all;
}

/** The buckets of a histogram are scraped together; `_sum` and `_count` belong to it. */
function histogramSeries(rng: Rng, shape: HistogramShape): SentSeries[] {
  const together = schedule(rng);
  const next = bucketCounts(rng, shape);
  const counts = together.timestamps.map(() => next());
  const series = shape.les.map((le, bucket) =>
    toSeries({ __name__: 'latency_bucket', job: shape.job, le }, together, at => counts[at]![bucket]!),
  );
  const total = (at: number) => counts[at]!.at(-1)!;
  series.push(toSeries({ __name__: 'latency_count', job: shape.job }, together, total));
  series.push(toSeries({ __name__: 'latency_sum', job: shape.job }, together, at => total(at) * 0.3));
  return series;
}

function toSeries(
  labels: Pairs,
  { timestamps, stale }: Schedule,
  valueAt: (at: number) => number,
): SentSeries {
  const values = Float64Array.from(timestamps, (_, at) => valueAt(at));
  for (const at of stale) writeStaleAt(values, at);
  const sorted = Object.entries(labels)
    .filter(([, value]) => value !== '')
    .sort(([a], [b]) => compareStrings(a, b));
  return { labels: sorted.flat(), timestamps, values };
}
