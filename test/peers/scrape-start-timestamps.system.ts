import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Both, startBoth } from './scrape/both.ts';
import { openMetrics, type ScrapeCase, STARTED_AT } from './scrape/case.ts';

const SCRAPES = 4;
const ago = (seconds: number) => Math.floor(STARTED_AT / 1000) - seconds;

const counter = (total: number, created: number) =>
  openMetrics(`# TYPE a counter\na_total{x="1"} ${total}\na_created{x="1"} ${created}\na_total{x="2"} 1\n`);

const CASES: readonly ScrapeCase[] = [
  { name: 'counter', answer: n => counter(n + 5, ago(30.25)) },
  // Between the first scrape and the second, whenever these are.
  { name: 'reset', answer: n => (n < 2 ? counter(5, ago(30)) : counter(1, ago(20))) },
  { name: 'long_ago', answer: n => counter(n, ago(4000)) },
  { name: 'within_the_hour', answer: n => counter(n, ago(3000)) },
  { name: 'in_the_future', answer: n => counter(n, ago(-300)) },
  { name: 'not_a_number', answer: n => ({ ...counter(n, Number.NaN) }) },
  {
    name: 'histogram_and_summary',
    answer: n =>
      openMetrics(`# TYPE h histogram
h_bucket{le="1"} ${n}
h_created ${ago(60)}
h_bucket{le="+Inf"} ${n}
h_count ${n}
h_sum ${n}
# TYPE s summary
s{quantile="0.5"} 1
s_count ${n}
s_created ${ago(60)}
# TYPE g gauge
g_created 5
g 1
`),
  },
  {
    name: 'dropped_and_limited',
    job: 'sample_limit: 1, metric_relabel_configs: [{ source_labels: [x], regex: "2", action: drop }]',
    answer: n => counter(n, ago(60)),
  },
  {
    name: 'with_timestamps',
    answer: n =>
      openMetrics(
        `# TYPE a counter\na_total ${Math.min(n, 3)} ${ago(100) + Math.min(n, 3)}\na_created ${ago(120)}\n`,
      ),
  },
];

let both: Both;
beforeAll(async () => {
  both = await startBoth({
    cases: CASES,
    flags: ['--enable-feature=created-timestamp-zero-ingestion'],
    config: ({ address }) =>
      `global: { scrape_interval: 3s }\nscrape_configs:\n${CASES.map(
        ({ name, job = '' }) =>
          `  - { job_name: ${name}, metrics_path: /${name}, static_configs: [{ targets: ['${address}'] }]${job && `, ${job}`} }\n`,
      ).join('')}`,
  });
}, 180_000);
afterAll(() => both.stop());

describe('created-timestamp-zero-ingestion', () => {
  it.each(CASES.map(({ name }) => name))('stores the same for %s', async name => {
    const selector = `{job="${name}"}`;
    await both.reach(selector, SCRAPES);
    const expected = await both.theirs.stored(selector, SCRAPES);
    expect(await both.ours.stored(selector, SCRAPES)).toEqual(expected);
    expect(expected.seen).toHaveLength(SCRAPES);
  });

  it('gives the zero that a counter began with', async () => {
    const { samples } = await both.ours.stored('{job="counter"}', SCRAPES);
    const series = Object.keys(samples).find(name => name.includes('["x","1"]'))!;
    expect(samples[series]!.slice(0, 2)).toEqual([`${ago(30.25)} 0`, '#0 5']);
  });
});
