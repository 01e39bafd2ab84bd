import { gzipSync } from 'node:zlib';
import { openMetrics, type ScrapeCase, STARTED_AT } from './case.ts';

const refusedText = { ours: /bad-exposition/, theirs: /while parsing|invalid metric type|expected/ };

/** Timestamps of the past must be the same however many scrapes an engine has made when it is asked. */
const early = (n: number) => Math.min(n, 3);

/** Bodies that are easily read in more ways than one. */
export const EXPOSITION_CASES: readonly ScrapeCase[] = [
  {
    name: 'text',
    answer: n => `# HELP m Lines \\\\ and\\n more.
# TYPE m counter
m{a="1",b="x\\"y\\\\z\\n"} ${n}
m{a="2" b="no comma"} 1.5e3

  \t
# just a comment
#
untyped_value NaN
inf{sign="+"} +Inf
inf{sign="-"} -inf
inf{sign=""} 1
m{a="3",} .5
{"quoted.name","label name"="v"} 7
m{a="raw
newline"} 8
m {a="blank"} 9\t
escapes{a="\\q"} 1`,
  },
  {
    name: 'numbers_as_labels',
    answer: () => `h_bucket{le="1"} 1
# TYPE h histogram
h_bucket{le="1"} 1
h_bucket{le="1e3"} 2
h_bucket{le="Inf"} 3
h_sum 1
h_count 3
# TYPE s summary
s{quantile="0.5"} 1
s{quantile="1"} 2
s{le="1"} 3
`,
  },
  { name: 'duplicates', answer: n => `m ${n}\nm ${n + 1}\nm{} 5\nq{a=""} 1\nq 2\n` },
  { name: 'crlf', answer: () => 'm 1\r\n', error: refusedText },
  { name: 'byte_order_mark', answer: () => '\ufeffm 1\n', error: refusedText },
  { name: 'unknown_type', answer: () => 'a 1\n# TYPE m unknown\nm 1\n', error: refusedText },
  { name: 'negative_timestamp', answer: () => 'a 1\nm 1 -5\n', error: refusedText },
  { name: 'two_braces', answer: () => 'a 1\nm{a="1"}{b="2"} 1\n', error: refusedText },
  {
    name: 'label_twice',
    answer: () => 'a 1\nm{a="1",a="2"} 1\n',
    error: { ours: /given twice/, theirs: /not unique/ },
  },
  { name: 'label_twice_and_empty', answer: () => 'm{a="1",a=""} 1\n' },
  { name: 'nul_at_start', answer: () => '\0m 1\n' },
  { name: 'nul_between', answer: () => 'a 1\n\0m 1\n' },
  { name: 'comments_only', answer: () => '# nothing\n' },
  { name: 'empty', answer: n => (n === 2 ? '' : 'm 1\n') },
  { name: 'vanishing', answer: n => `kept ${n}\n${n === 1 || n === 2 ? '' : `sometimes ${n}\n`}` },
  { name: 'reordered', answer: n => (n % 2 === 0 ? 'a 1\nb 2\nc 3\n' : 'c 3\nnew 4\na 1\n') },
  { name: 'written_differently', answer: n => (n % 2 === 0 ? 'm{a="1",b="2"} 1\n' : 'm{b="2",a="1",} 2\n') },
  { name: 'broken_at_times', answer: n => `a ${n}\n${n === 2 ? '!\n' : ''}b ${n}\n` },
  { name: 'type_changes', answer: n => `# TYPE h ${n < 2 ? 'histogram' : 'gauge'}\nh{le="1"} ${n}\n` },
  { name: 'own_up', answer: n => `up{} 7\nscrape_samples_scraped ${n}\n` },
  {
    name: 'timestamps',
    answer: n => `m ${early(n)} ${STARTED_AT - 60_000 + early(n) * 1000}\nsame ${n} ${STARTED_AT - 30_000}\n`,
  },
  {
    name: 'timestamps_out_of_bounds',
    answer: () => `ok 1\nfuture 1 ${STARTED_AT + 3_600_000}\npast 1 ${STARTED_AT - 7_200_000}\nzero 1 0\n`,
  },
  { name: 'timestamps_that_vanish', answer: n => (n < 2 ? `m ${n} ${STARTED_AT + n}\nn 1\n` : 'n 1\n') },
  {
    name: 'timestamps_that_are_tracked',
    job: 'track_timestamps_staleness: true',
    answer: n => (n < 2 ? `m ${n} ${STARTED_AT + n}\nn 1\n` : 'n 1\n'),
  },
  {
    name: 'timestamps_not_honoured',
    job: 'honor_timestamps: false',
    answer: n => `m ${n} ${STARTED_AT - 60_000}\n`,
  },
  { name: 'large', answer: n => Array.from({ length: 3000 }, (_, i) => `m{i="${i}"} ${i + n}\n`).join('') },
  {
    name: 'gzip',
    answer: n => ({ headers: { 'content-encoding': 'gzip' }, body: gzipSync(`m ${n}\n`) }),
  },
  {
    name: 'open_metrics',
    answer: n =>
      openMetrics(`# TYPE requests counter
# UNIT wait_seconds seconds
# HELP requests All \\"of\\" them
requests_total{path="/"} ${n} # {trace_id="t${n}"} 0.25
requests_created{path="/"} 1700000000.5
wait_seconds 1.5
# TYPE i info
i_info{version="1"} 1
# TYPE st stateset
st{st="a"} 1
# TYPE g gauge
g{a="1"} ${early(n)} ${STARTED_AT / 1000 - 10 + early(n)} # {x="y"} 1 ${STARTED_AT / 1000 - 100 + early(n)}
# TYPE h histogram
h_bucket{le="0.1"} 1
h_bucket{le="+Inf"} 2
`),
  },
  {
    name: 'open_metrics_without_end',
    answer: () => ({ ...openMetrics(''), body: 'm 1\n' }),
    error: { ours: /# EOF/, theirs: /# EOF/ },
  },
  {
    name: 'open_metrics_goes_on',
    answer: () => ({ ...openMetrics(''), body: 'm 1\n# EOF\nn 1\n' }),
    error: { ours: /# EOF/, theirs: /# EOF/ },
  },
  {
    name: 'open_metrics_bad_unit',
    answer: () => openMetrics('m 1\n# UNIT m seconds\n'),
    error: { ours: /suffix/, theirs: /suffix/ },
  },
  {
    name: 'open_metrics_trailing_blank',
    answer: () => openMetrics('a 1\nm 1 \nb 1\n'),
    error: { ours: /bad-exposition/, theirs: /expected/ },
  },
];
