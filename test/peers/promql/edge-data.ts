/** Unix seconds of the first sample: all lie in the past, so that both servers have the same ones. */
export const START = Math.floor(Date.now() / 60_000) * 60 - 1800;
const INTERVAL = 15;
const SAMPLES = 80;
/** The last sample, in Unix seconds. */
export const END = START + (SAMPLES - 1) * INTERVAL;

type Value = number | string;

const series = (name: string, valueAt: (index: number) => Value): string[] =>
  Array.from({ length: SAMPLES }, (_, i) => `${name} ${valueAt(i)} ${(START + i * INTERVAL) * 1000}`);

const histogram = (
  name: string,
  labels: string,
  bounds: readonly string[],
  counts: readonly number[],
): string[] => bounds.flatMap((le, k) => series(`${name}_bucket{${labels}le="${le}"}`, i => counts[k]! * i));

const BOUNDS = ['0.1', '0.5', '1', '5', '+Inf'];

/** Counters with resets, gauges with NaN and infinities, sound and broken histograms; one scrape brings them all. */
export const exposition = (): string =>
  [
    ...series('c_total{a="1",b="x"}', i => i * 3),
    ...series('c_total{a="2",b="x"}', i => (i % 20) * 5),
    ...series('c_total{a="3",b="y"}', i => i * i),
    ...series('g{a="1",b="x"}', i => ((i * 7) % 13) - 6.5),
    ...series('g{a="2",b="x"}', i => (i % 7) - 3),
    ...series('g{a="3",b="y"}', i => (i === 40 ? 'NaN' : i === 41 ? '+Inf' : i / 3)),
    ...series('neg{a="1"}', i => -i),
    ...series('neg{a="2"}', () => '-Inf'),
    ...series('up2{a="1"}', () => 1),
    ...['1",v="p', '2",v="q', '2",v="r'].flatMap(labels => series(`info_x{a="${labels}"}`, () => 1)),
    ...series('ts', i => 1.6e9 + i * 86_400 * 3.3),
    ...histogram('h', 'a="1",', BOUNDS, [1, 2, 3, 4, 5]),
    ...histogram('h', 'a="2",', BOUNDS, [5, 3, 8, 7, 9]),
    ...histogram('hb', 'a="1",', ['0.1', 'abc', '+Inf'], [1, 2, 3]),
    ...series('hb_bucket{a="3"}', i => i),
    ...histogram('hn', '', ['0.1'], [1]),
    '',
  ].join('\n');

/** Scrapes the exposition again and again, with no labels of its own. */
export const prometheusYml = (target: string): string => `global: { evaluation_interval: 1h }
scrape_configs:
  - job_name: edges
    honor_labels: true
    scrape_interval: 1s
    static_configs: [{ targets: ['${target}'] }]
    metric_relabel_configs: [{ regex: job|instance, action: labeldrop }]
`;
