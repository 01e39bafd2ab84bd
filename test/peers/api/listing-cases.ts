import { type ApiCase, each, FORM, get, type Json, post, raw } from './case.ts';
import { START } from './data.ts';

const bySeries = (body: Json) => ({
  ...body,
  data: body.data?.map((labels: object) => JSON.stringify(labels)).sort(),
});
const count = (body: Json) => ({ ...body, data: body.data?.length });

const UP = { 'match[]': 'up' };
const span = { start: String(START), end: String(START + 60) };

const series: ApiCase[] = [
  get('series'),
  get('series', { 'match[]': 'http_requests_total', ...span }, { view: bySeries }),
  post('series', { 'match[]': ['up', 'queue_length', 'up{job="demo"}'] }, { view: bySeries }),
  get('series', { 'match[]': '{"utf8.name"}' }, { view: bySeries }),
  get('series', { 'match[]': 'http_requests_total', limit: '2' }, { view: count }),
  get('series', { 'match[]': 'http_requests_total', limit: '8' }, { view: count }),
  get('series', { 'match[]': 'http_requests_total', start: '1', end: '2' }),
  get('series', { 'match[]': 'http_requests_total', start: '5', end: '1' }),
  get('series', { 'match[]': 'nope' }),
  get('series', { ...UP, limit: '-1', start: 'x' }),
  get('series', { ...UP, start: 'x', end: 'y' }),
  get('series', { ...UP, end: 'y' }),
  get('series', { 'match[]': 'sum(', end: 'y' }),
  ...each('series', {}, 'match[]', ['{}', '{a=""}', '{a=~".*"}']),
  ...each('series', {}, 'match[]', [
    '',
    'rate(x[5m])',
    'x[5m]',
    'up offset 5m',
    'up @ 5',
    '(up)',
    'a{b=~"("}',
    '1',
  ]),
  raw('GET', '/api/v1/series?x=%zz&match[]=up'),
  raw('GET', '/api/v1/series?match[]=up;x'),
  raw('GET', '/api/v1/series?match[]=up&x=%4'),
  raw('POST', '/api/v1/series', { headers: FORM, body: 'match[]=%zz' }),
];

const labels: ApiCase[] = [
  get('labels'),
  get('labels', span, {
    ours: {
      why: 'the labels of series with samples in the range; there those of all series of the newest block',
      status: 200,
      text: /^{"status":"success","data":\["__name__","code","instance","job","label.name","path"\]}$/,
    },
  }),
  get('labels', { ...UP }),
  post('labels', { 'match[]': ['queue_length', 'up'] }),
  get('labels', { limit: '1' }),
  get('labels', { limit: '0' }),
  get('labels', { start: '1', end: '2' }),
  get('labels', { start: '5', end: '1' }),
  get('labels', { 'match[]': 'nope' }),
  ...each('labels', {}, 'limit', ['x', '-1']),
  ...each('labels', {}, 'start', ['x']),
  ...each('labels', {}, 'end', ['y']),
  get('labels', { 'match[]': '{}' }),
  get('labels', { 'match[]': 'sum(' }),
  raw('GET', '/api/v1/labels?x=%zz'),
  post('labels', { limit: 'x' }),
];

const labelValues: ApiCase[] = [
  ...[
    'job',
    '__name__',
    'instance',
    'path',
    'U__job',
    'U__label_2e_name',
    'label.name',
    'U__',
    'U___',
    'U__a_zz_',
    'a%20b',
    'nope',
  ].map(name => get(`label/${name}/values`)),
  get('label/__name__/values', { 'match[]': ['up', 'one'] }),
  get('label/code/values', { 'match[]': 'http_requests_total{instance="i1"}' }),
  get('label/code/values', span),
  get('label/code/values', { start: '1', end: '2' }),
  get('label/instance/values', { limit: '3' }, { view: count }),
  get('label/instance/values', { limit: '-1' }),
  get('label/instance/values', { limit: 'x', start: 'y' }),
  get('label/instance/values', { start: 'x' }),
  get('label/instance/values', { end: 'x' }),
  get('label/instance/values', { 'match[]': '{}', limit: '1' }),
  get('label/instance/values', { 'match[]': 'x[5m]' }),
  raw('GET', '/api/v1/label/%ff/values', {
    ours: { why: 'a path that is not UTF-8 is no path here', status: 400, text: /not a valid url/ },
  }),
  get('label/job'),
  get('label/job/value'),
];

export const LISTING_CASES: readonly ApiCase[] = [...series, ...labels, ...labelValues];
