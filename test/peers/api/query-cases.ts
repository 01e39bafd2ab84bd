import { type ApiCase, each, FORM, get, type MeantDifference, post, raw } from './case.ts';
import { START } from './data.ts';

const time = String(START + 600);
const range = { start: String(START), end: String(START + 900), step: '60' };

/** Go's durations and instants are 64 bits of nanoseconds; ours are milliseconds and say what is asked. */
const NO_WRAPPED_TIME = 'an instant outside of 1678 to 2262 is that instant here, and wraps around there';
const notANumber = (text: string): MeantDifference => ({
  why: 'what is no number is no instant; there it becomes one that the processor decides',
  status: 400,
  text: `cannot parse "${text}" to a valid timestamp`,
});

const instants: ApiCase[] = [
  ...each('query', { query: 'time()' }, 'time', [
    'abc',
    '1e400',
    '-1e400',
    '0x10',
    '0x10p0',
    '1_000',
    '1__0',
    '1e3',
    '1.',
    '.5',
    '+5',
    ' 5',
    '5 ',
    '1795649895.4849',
    '1.0005',
    '0.0015',
    '-1.5',
    '0.29',
    '1e-400',
    '2023-11-14T22:13:20.123456789Z',
    '2023-11-14T22:13:20.9999Z',
    '2023-11-14T22:13:20+01:00',
    '2023-11-14T22:13:20-01:30',
    '2023-11-14T22:13:20+24:00',
    '2023-11-14t22:13:20z',
    '2023-11-14 22:13:20Z',
    '2023-11-14T22:13:20',
    '2023-02-30T22:13:20Z',
    '2023-11-14T24:00:00Z',
    '2023-11-14T22:13:60Z',
    '2023-11-14T22:13:20,5Z',
    '2023-11-14T22:13:20.Z',
    '2023-11-14T2:13:20Z',
    '1h',
    'now',
  ]),
  ...['NaN', 'nan', 'Inf', '-Inf', 'infinity'].map(text =>
    get('query', { query: 'time()', time: text }, { ours: notANumber(text) }),
  ),
  get(
    'query',
    { query: 'time()', time: '9999-12-31T23:59:59Z' },
    {
      ours: { why: NO_WRAPPED_TIME, status: 200, text: '253402300799' },
    },
  ),
  get(
    'query',
    { query: 'time()', time: '1e12' },
    {
      ours: { why: NO_WRAPPED_TIME, status: 200, text: '1000000000000' },
    },
  ),
];

const durations = ['timeout', 'lookback_delta'].flatMap(name =>
  each('query', { query: 'up', time }, name, [
    'abc',
    '1e400',
    'NaN',
    'Inf',
    '1e10',
    '9223372037',
    '5m',
    '1s1m',
    '1ms',
    '-5m',
    '1y',
    '292y',
    '293y',
    '99999999999999999999y',
    '5',
    '1.5m',
    '1e9',
    '+1',
    '1h30m',
  ]),
);

const timeouts = each('query', { query: 'up', time }, 'timeout', [
  '0',
  '-1',
  '-90.5',
  '-0.001',
  '-0.0000015',
  '0.0000000001',
  '0s',
]);
const lookbacks = each('query', { query: 'http_requests_total', time }, 'lookback_delta', [
  '0',
  '-1',
  '0s',
  '5',
  '20m',
]);

const limits = ['query', 'query_range'].flatMap(endpoint =>
  each(endpoint, { query: 'vector(1)', time, ...range }, 'limit', [
    '-1',
    '0',
    '1',
    'abc',
    '1.5',
    '99999999999999999999',
    '9223372036854775807',
    '-9223372036854775809',
    '+1',
    '0x1',
    '1e1',
    ' 1',
    '1_0',
  ]),
);

const values = each('query', { time }, 'query', [
  '1/0',
  '-1/0',
  '0/0',
  '-0',
  '1e-7',
  '1e21',
  '123456789012.5',
  'vector(1e-7)',
  'vector(1e21)',
  'vector(-1e-7)',
  'vector(NaN)',
  'vector(-Inf)',
  '"text with \\"quotes\\" <&> and é"',
  'http_requests_total',
  'http_requests_total[1m]',
  'http_requests_total[2m:30s]',
  'nope',
  'nope[5m]',
  'sum(rate(http_requests_total[5m]))',
  'sum by (code) (rate(http_requests_total[5m]))',
  'topk(3, http_requests_total)',
  'rate(queue_length[5m])',
  'histogram_quantile(2, http_requests_total)',
  'histogram_quantile(0.9, http_requests_total)',
  'rate(queue_length[5m]) + rate(http_requests_total[5m])',
]);

const ranges: ApiCase[] = [
  ...['http_requests_total', 'sum(rate(http_requests_total[5m]))', '1', 'vector(1e-7)', 'nope'].map(query =>
    get('query_range', { ...range, query }),
  ),
  post('query_range', { ...range, query: 'sum by (code) (http_requests_total)' }),
  get('query_range', {
    ...range,
    query: 'up',
    start: '2023-11-14T22:13:20Z',
    end: '2023-11-14T22:13:21.5Z',
    step: '500ms',
  }),
  get('query_range'),
  get('query_range', { query: '1' }),
  get('query_range', { query: '1', start: '1' }),
  get('query_range', { query: '1', start: '1', end: '2' }),
  get('query_range', { query: '1', start: '1', end: '2', step: '' }),
  get('query_range', { query: '1', start: 'x', end: 'y', step: 'z', limit: 'w' }),
  get('query_range', { query: '1', start: '2', end: '1', step: 'z' }),
  get('query_range', { query: '1', start: '1', end: '2', step: '1', timeout: 'x', lookback_delta: 'y' }),
  get('query_range', { query: '1', start: '1', end: '2', step: '1', lookback_delta: 'y' }),
  get('query_range', { query: 'sum(', start: '1', end: '2', step: '1', limit: '-1' }),
  ...each('query_range', { query: '1', start: '1', end: '2' }, 'step', [
    '0',
    '-1',
    '1e-10',
    'x',
    'NaN',
    '5y',
    '293y',
  ]),
  get('query_range', { query: '1', start: '1', end: '1.003', step: '0.0015' }),
  get(
    'query_range',
    { query: '1', start: '1', end: '2', step: '0.0001' },
    {
      ours: {
        why: 'a step below a millisecond divides by zero there',
        status: 400,
        text: 'steps shorter than a millisecond are not accepted',
      },
    },
  ),
  ...['11000', '11001', '10000000', '1e18'].map(end =>
    get('query_range', { query: 'vector(1)', start: '0', end, step: '1' }),
  ),
  get('query_range', { query: 'x[5m]', start: '0', end: '1', step: '1' }),
  get('query_range', { query: '"s"', start: '0', end: '1', step: '1' }),
];

const refused: ApiCase[] = [
  get('query'),
  get('query', { query: '' }),
  get('query', { query: '1', time: 'x', limit: 'y', timeout: 'z' }),
  get('query', { query: 'sum(', time: 'x' }),
  get('query', { query: '1', timeout: 'x', lookback_delta: 'y' }),
  raw('GET', '/api/v1/query?query=1&time=1', { headers: { 'x-prometheus-use-start-timestamps': 'maybe' } }),
  raw('GET', '/api/v1/query?query=1&time=1', { headers: { 'x-prometheus-use-start-timestamps': 'false' } }),
  get('query', { query: 'rate(x)' }),
  get('query', { query: 'nope(x)' }),
  get('query', { query: '1 +' }),
  get('query', { query: 'sum(' }),
  get('query', { query: 'foo{' }),
  get('query', { query: 'x{a=~"("}' }),
  get('query', { query: 'label_replace(vector(1), "a", "b", "c", "[")', time }),
  get('query', { query: 'sum(up) / on() http_requests_total{instance=~"i[01]"}', time }),
];

const statistics = [
  ...['true', 'all', 'x', ''].map(stats =>
    get('query', { query: 'sum(rate(http_requests_total[5m]))', time, stats }, { view: withoutTimings }),
  ),
];

/** How long the parts of a query took, and how much an engine held at a time, is nobody's promise. */
function withoutTimings(body: { data: { stats?: { timings: object; samples: object } } }) {
  const { stats } = body.data;
  if (!stats) return body;
  const timings = Object.keys(stats.timings).sort();
  return {
    ...body,
    data: { ...body.data, stats: { timings, samples: { ...stats.samples, peakSamples: 0 } } },
  };
}

/** As long as curl makes them. */
const BOUNDARY = `${'-'.repeat(28)}7a1f`;

const multipart = (body: string) =>
  raw('POST', '/api/v1/query?time=1', {
    headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
    body: body.replaceAll('BOUNDARY', `--${BOUNDARY}`),
  });

const ENDPOINT = '/api/v1/query?time=1';
const typed = (type: string, body = 'query=1') =>
  raw('POST', ENDPOINT, { headers: { 'content-type': type }, body });

const forms: ApiCase[] = [
  raw('POST', ENDPOINT, { headers: FORM, body: 'query=1' }),
  raw('POST', ENDPOINT, { body: 'query=1' }),
  raw('POST', `${ENDPOINT}&query=2`, {}),
  raw('POST', `${ENDPOINT}&query=2`, { headers: FORM, body: 'query=1' }),
  raw('POST', `${ENDPOINT}&query=1`, { headers: FORM, body: 'x=%zz' }),
  raw('POST', ENDPOINT, { headers: FORM, body: 'query=%zz' }),
  raw('POST', ENDPOINT, { headers: FORM, body: 'query=1;x=2' }),
  ...[
    'text/plain',
    'application/json',
    'application/x-www-form-urlencoded; charset=utf-8',
    'APPLICATION/X-WWW-FORM-URLENCODED',
    'garbage',
    'application/x-protobuf',
  ].map(type => typed(type)),
  multipart('BOUNDARY\r\nContent-Disposition: form-data; name="query"\r\n\r\n3\r\nBOUNDARY--\r\n'),
  multipart('BOUNDARY\r\nbroken'),
  raw('GET', `${ENDPOINT}&query=1&query=2`),
  raw('GET', `${ENDPOINT}&query=1&x=%zz`),
  raw('GET', `${ENDPOINT}&query=%zz`),
  raw('GET', `${ENDPOINT}&query=1;x=5`),
  raw('GET', `/api/v1/query?x;y&query=1&time=1`),
  raw('GET', `${ENDPOINT}&query=1&y=${'x'.repeat(500_000)}`),
  raw('POST', ENDPOINT, { headers: FORM, body: `query=1&y=${'x'.repeat(9_000_000)}` }),
];

const trees = ['format_query', 'parse_query'].flatMap(endpoint => [
  get(endpoint),
  ...each(endpoint, {}, 'query', [
    '',
    'sum(',
    '1+1',
    '"text"',
    'sum by(a)(rate(x{b="c"}[5m] offset 1m)) > bool 1',
    'sum by(a)(rate(x[5m]))/on(b)group_left(c) y and ignoring(d) z unless w',
    `sum(rate(http_requests_total{code=~"5..",handler="${'/long'.repeat(20)}"}[5m])) / sum(rate(http_requests_total[5m]))`,
    'max_over_time(x[1h:5m] @ end() offset -1m)',
    '-x ^ 2 * (y - z)',
    'topk(5, quantile(0.9, x) without (a)) @ 17.5',
    'histogram_quantile(0.9, sum by (le) (rate(x_bucket[5m])))',
    '{"utf8.name", "label.name"!~"a|b"}',
  ]),
  post(endpoint, { query: '1 + 1' }),
]);

export const QUERY_CASES: readonly ApiCase[] = [
  ...instants,
  ...durations,
  ...timeouts,
  ...lookbacks,
  ...limits,
  ...values,
  ...ranges,
  ...refused,
  ...trees,
  ...statistics,
  ...forms,
];
