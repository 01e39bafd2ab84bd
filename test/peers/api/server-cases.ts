import { type ApiCase, each, FORM, get, type Json, post, raw } from './case.ts';
import { START } from './data.ts';

/** Without instants and durations of each server's own evaluations, and the folders that the files lie in. */
function withoutTimes(body: Json): Json {
  return JSON.parse(
    JSON.stringify(body, (key, value) =>
      ['evaluationTime', 'lastEvaluation', 'activeAt', 'lastScrape', 'lastScrapeDuration'].includes(key)
        ? typeof value
        : key === 'file'
          ? value.split('/').at(-1)
          : value,
    ),
  );
}

const names = (body: Json) => ({ status: body.status, fields: Object.keys(body.data ?? {}).sort() });
const statusOnly = (body: Json) => body.status;

const rules: ApiCase[] = [
  get('rules', {}, { view: withoutTimes }),
  get('alerts', {}, { view: withoutTimes }),
  ...each('rules', {}, 'type', ['alert', 'RECORD', 'x'], { view: withoutTimes }),
  ...each('rules', {}, 'exclude_alerts', ['T', 'tRUE', '0', 'x', 'yes'], { view: withoutTimes }),
  ...each('rules', {}, 'group_limit', ['0', 'x', '99999999999', '-1', '2147483648', '5'], {
    view: withoutTimes,
  }),
  get('rules', { group_next_token: 'x' }),
  get('rules', { group_limit: '1', group_next_token: 'x' }),
  get('rules', { 'rule_name[]': ['one', 'Never'] }, { view: withoutTimes }),
  get('rules', { 'rule_group[]': 'second' }, { view: withoutTimes }),
  get('rules', { 'file[]': 'nope' }),
  get('rules', { 'match[]': '{team="a"}' }, { view: withoutTimes }),
  get('rules', { 'match[]': ['{team="a"}', '{severity=~"p.*"}'] }, { view: withoutTimes }),
  get('rules', { 'match[]': '{a="b"}' }),
  get('rules', { 'match[]': '{}' }),
  get('rules', { 'match[]': 'x[5m]' }),
  get('rules', { 'match[]': '{', type: 'x' }),
  raw('GET', '/api/v1/rules?x=%zz'),
];

const DISCOVERED = [
  '__always_scrape_classic_histograms__',
  '__convert_classic_histograms_to_nhcb__',
  '__scrape_native_histograms__',
];

/** Without the labels of native histograms, which are a difference of the scraper. */
const targetsView = (body: Json) =>
  JSON.parse(
    JSON.stringify(withoutTimes(body), (key, value) => (DISCOVERED.includes(key) ? undefined : value)),
  );

const targets: ApiCase[] = [
  ...each('targets', {}, 'state', ['', 'active', 'dropped', 'ANY', 'x'], { view: targetsView }),
  ...each('targets', {}, 'scrapePool', ['demo', 'nope'], { view: targetsView }),
  get('scrape_pools'),
  get('alertmanagers'),
  get('metadata'),
  ...each('metadata', {}, 'limit', ['x', '0', '-1', '1.5']),
  get('metadata', { limit: '1' }, { view: (body: Json) => Object.keys(body.data).length }),
  ...each('metadata', {}, 'limit_per_metric', ['x', '0', '1']),
  ...each('metadata', {}, 'metric', ['http_requests_total', 'nope']),
  get('targets/metadata', {}, { view: unordered }),
  ...each('targets/metadata', {}, 'limit', ['x', '0', '-1'], { view: unordered }),
  ...each('targets/metadata', {}, 'metric', ['queue_length', 'nope']),
  ...each('targets/metadata', {}, 'match_target', ['{job="demo"}', '{job="x"}'], { view: unordered }),
  get('targets/metadata', { match_target: '{' }),
];

function unordered(body: Json) {
  return {
    ...body,
    data: body.data?.map((item: Json) => JSON.stringify(Object.entries(item).sort())).sort(),
  };
}

const address = '{"__address__":"127.0.0.1:2","job":"gone","x_y":"z"}';

const relabelling: ApiCase[] = [
  get('targets/relabel_steps'),
  get('targets/relabel_steps', { scrapePool: 'gone' }),
  get('targets/relabel_steps', { scrapePool: 'nope', labels: '{}' }),
  ...each('targets/relabel_steps', { scrapePool: 'gone' }, 'labels', ['{}', address, '{"job":"other"}']),
  ...each('targets/relabel_steps', { scrapePool: 'gone' }, 'labels', ['x', '[]', '{"a":1}'], {
    ours: {
      why: 'what is wrong with JSON is told in our words',
      status: 400,
      text: /^error parsing labels: ./,
    },
  }),
  get('targets/relabel_steps', { scrapePool: 'demo', labels: '{}' }),
  get('scrape_pools/config'),
  get('scrape_pools/config', { scrapePool: 'nope' }),
  get('scrape_pools/config', { scrapePool: 'demo' }, { view: names }),
];

const span = { start: String(START), end: String(START + 1_000) };

const exemplars: ApiCase[] = [
  ...each(
    'query_exemplars',
    span,
    'query',
    [
      'traced_total',
      'rate(traced_total{path="/a"}[5m]) / rate(traced_total{path=~"/b|/c"}[5m])',
      'histogram_quantile(0.9, sum by (le) (rate(spread_bucket[5m])))',
      '{trace_id="aa"}',
    ],
    { view: unordered },
  ),
  get('query_exemplars', { query: 'traced_total', start: String(START + 900), end: String(START + 900) }),
  get('query_exemplars', { query: 'traced_total' }, { view: unordered }),
  get('query_exemplars', { query: 'nope' }),
  get('query_exemplars', { query: '1' }),
  get('query_exemplars'),
  get('query_exemplars', { query: 'x', start: 'a', end: 'b' }),
  get('query_exemplars', { query: 'x', end: 'b' }),
  get('query_exemplars', { query: 'sum(', start: '2', end: '1' }),
  get('query_exemplars', { query: 'sum(' }),
  post('query_exemplars', { query: 'nope' }),
];

/** What is the same by its nature, and not a choice of the two servers. */
function features({ data }: Json) {
  const { api, promql, promql_functions, promql_operators, rules, templating_functions } = data;
  return {
    sections: Object.keys(data).sort(),
    api: Object.keys(api).sort(),
    ...{ promql, promql_functions, promql_operators, rules, templating_functions },
  };
}

/** Without what tells how samples are kept. */
function cardinality({ data }: Json) {
  const { headStats, ...lists } = data;
  const { numSeries, numLabelPairs } = headStats;
  const inOrder = Object.entries(lists).map(([name, list]) => [
    name,
    (list as Json[]).map(item => `${item.name} ${item.value}`).sort(),
  ]);
  return { numSeries, numLabelPairs, lists: Object.fromEntries(inOrder) };
}

const withoutNumbers = (body: Json) =>
  JSON.parse(JSON.stringify(body, (_key, value) => (typeof value === 'number' ? 0 : value)));

const status: ApiCase[] = [
  get('status/flags', {}, { view: statusOnly }),
  get('status/config', {}, { view: names }),
  get('status/tsdb', {}, { view: names }),
  get('status/tsdb', { limit: '1000' }, { view: cardinality }),
  ...each('status/tsdb', {}, 'limit', ['0', 'x', '-1', '10001', '10000'], { view: statusOnly }),
  get('status/tsdb/blocks'),
  get('status/walreplay'),
  get('notifications'),
  get('features', {}, { view: features }),
  get('status/self_metrics', { metric_name_pattern: 'nope' }),
  get('status/self_metrics', { metric_name_pattern: '(' }),
  get('status/self_metrics', { metric_name_pattern: 'process_start_time_seconds' }, { view: withoutNumbers }),
  get('status/buildinfo', {}, { view: (body: Json) => body.data.version }),
  ...['search/metric_names', 'search/label_names', 'search/label_values'].map(path => get(path)),
];

const routing: ApiCase[] = [
  ...['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'PATCH', 'POST'].flatMap(method => [
    raw(method, '/api/v1/query?query=1&time=1'),
    raw(method, '/api/v1/scrape_pools'),
    raw(method, '/api/v1/nope'),
  ]),
  post('rules', {}),
  post('label/job/values', {}),
  raw('GET', '/api/v1/read'),
  raw('GET', '/api/v1/write'),
  raw('POST', '/api/v1/read', {
    ours: { why: 'remote read is not served', status: 501, text: /not served here/ },
  }),
  raw('GET', '/nope'),
  raw('GET', '/-/healthy'),
  raw('HEAD', '/-/healthy'),
  raw('GET', '/-/ready'),
  raw('HEAD', '/-/ready'),
  raw('GET', '/-/quit'),
  raw('POST', '/-/quit'),
  raw('GET', '/-/reload'),
  raw('POST', '/-/reload'),
  raw('HEAD', '/metrics'),
  raw('OPTIONS', '/metrics'),
  raw('OPTIONS', '/api/v1/query', { headers: { 'access-control-request-method': 'POST' } }),
  raw('GET', '/api/v1/query/?query=1&time=1', {
    ours: {
      why: 'a slash at the end is taken as if it were not there; it leads to a path that does not exist there',
      status: 200,
      text: /"1"/,
    },
  }),
];

const admin = (action: string, query = '', details = {}) =>
  raw('POST', `/api/v1/admin/tsdb/${action}${query}`, details);

const administration: ApiCase[] = [
  admin('delete_series'),
  admin('delete_series', '?match[]='),
  admin('delete_series', '?match[]=nope{'),
  admin('delete_series', '?match[]=nope&start=x&end=y'),
  admin('delete_series', '?match[]=nope&end=y'),
  admin('delete_series', '?match[]=%zz'),
  admin('delete_series', '?match[]=nope'),
  admin('delete_series', '', { headers: FORM, body: 'match[]=nope' }),
  admin('clean_tombstones'),
  admin('snapshot', '?skip_head=x'),
  admin('snapshot', '?skip_head=true', { view: (body: Json) => body.data.name.length }),
  raw('PUT', '/api/v1/admin/tsdb/snapshot', { view: (body: Json) => body.data.name.length }),
  raw('GET', '/api/v1/admin/tsdb/snapshot'),
  raw('HEAD', '/api/v1/admin/tsdb/delete_series'),
  // The last of all cases: it empties the real one.
  admin('delete_series', '?match[]={}', {
    ours: {
      why: 'what selects everything is a mistake; there it deletes everything',
      status: 400,
      text: /non-empty matcher/,
    },
  }),
];

const lines = (body: Json) => String(body).split('\n').sort();
const UTF8 = encodeURIComponent('{"utf8.name"}');
const accepting = (accept: string) => ({ headers: { accept }, view: lines });

const federate: ApiCase[] = [
  raw('GET', '/federate?match[]=http_requests_total', { view: lines }),
  raw('GET', '/federate?match[]=queue_length&match[]=http_requests_total', { view: lines }),
  raw('GET', `/federate?match[]=${UTF8}`, { view: lines }),
  ...['allow-utf-8', 'underscores', 'dots', 'values', 'x'].map(scheme =>
    raw('GET', `/federate?match[]=${UTF8}`, accepting(`text/plain;version=0.0.4;escaping=${scheme}`)),
  ),
  raw('GET', '/federate?match[]=queue_length', accepting('application/openmetrics-text;version=1.0.0')),
  raw('GET', '/federate'),
  raw('GET', '/federate?match[]=%zz'),
  raw('GET', '/federate?match[]={'),
  raw('GET', '/federate?match[]={}', {
    ours: { why: 'a selector that selects nothing is a mistake', status: 400, text: /non-empty matcher/ },
  }),
  raw('POST', '/federate', { headers: FORM, body: 'match[]=up' }),
];

export const SERVER_CASES: readonly ApiCase[] = [
  ...rules,
  ...targets,
  ...relabelling,
  ...exemplars,
  ...status,
  ...routing,
  ...federate,
  ...administration,
];
