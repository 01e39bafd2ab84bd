import { type ApiCase, each, FORM, get, type Json, post, raw } from './case.ts';

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

const exemplars: ApiCase[] = [
  get('query_exemplars', { query: 'nope' }),
  get('query_exemplars', { query: '1' }),
  get('query_exemplars'),
  get('query_exemplars', { query: 'x', start: 'a', end: 'b' }),
  get('query_exemplars', { query: 'x', end: 'b' }),
  get('query_exemplars', { query: 'sum(', start: '2', end: '1' }),
  get('query_exemplars', { query: 'sum(' }),
  post('query_exemplars', { query: 'nope' }),
];

const status: ApiCase[] = [
  get('status/flags', {}, { view: statusOnly }),
  get('status/config', {}, { view: names }),
  get('status/tsdb', {}, { view: names }),
  ...each('status/tsdb', {}, 'limit', ['0', 'x', '-1', '10001', '10000'], { view: statusOnly }),
  get('status/tsdb/blocks'),
  get('status/walreplay'),
  get('notifications'),
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

const federate: ApiCase[] = [
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
  ...exemplars,
  ...status,
  ...routing,
  ...federate,
];
