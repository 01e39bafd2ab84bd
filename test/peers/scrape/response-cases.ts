import { gzipSync } from 'node:zlib';
import { OPEN_METRICS, type ScrapeCase } from './case.ts';

const type = { ours: /content-type/, theirs: /[Cc]ontent-?[Tt]ype/ };
const withStatus = (status: number, text: string): Pick<ScrapeCase, 'answer' | 'error'> => ({
  answer: n => (n === 1 ? 'm 1\n' : { status, body: 'm 1\n' }),
  error: {
    ours: new RegExp(`HTTP status ${status} ${text}`),
    theirs: new RegExp(`HTTP status ${status} ${text}`),
  },
});

/** Answers that are no proper ones. */
export const RESPONSE_CASES: readonly ScrapeCase[] = [
  { name: 'not_found', ...withStatus(404, 'Not Found') },
  { name: 'no_content', ...withStatus(204, 'No Content') },
  { name: 'partial_content', ...withStatus(206, 'Partial Content') },
  { name: 'server_error', ...withStatus(503, 'Service Unavailable') },
  { name: 'html', answer: () => ({ type: 'text/html', body: 'm 1\n' }), error: type },
  { name: 'json', answer: () => ({ type: 'application/json', body: '{}' }), error: type },
  { name: 'no_type', answer: () => ({ type: '', body: 'm 1\n' }), error: type },
  { name: 'bad_type', answer: () => ({ type: 'text/', body: 'm 1\n' }), error: type },
  { name: 'type_in_capitals', answer: () => ({ type: 'TEXT/Plain; Version=0.0.4', body: 'm 1\n' }) },
  {
    name: 'later_version',
    answer: () => ({ type: 'application/openmetrics-text; version=2.0.0', body: 'm 1\n# EOF\n' }),
    error: type,
  },
  {
    name: 'no_type_with_fallback',
    job: 'fallback_scrape_protocol: PrometheusText0.0.4',
    answer: () => ({ type: '', body: 'm 1\n' }),
  },
  {
    name: 'html_with_fallback',
    job: 'fallback_scrape_protocol: OpenMetricsText1.0.0',
    answer: () => ({ type: 'text/html', body: 'm 1\n# EOF\n' }),
  },
  {
    name: 'type_that_wins_over_the_fallback',
    job: 'fallback_scrape_protocol: PrometheusText0.0.4',
    answer: () => ({ type: OPEN_METRICS, body: 'm 1\n' }),
    error: { ours: /# EOF/, theirs: /# EOF/ },
  },
  { name: 'empty_without_type', answer: () => ({ type: '', body: '' }) },
  {
    name: 'gzip_in_capitals',
    answer: () => ({ headers: { 'content-encoding': 'GZIP' }, body: gzipSync('m 1\n') }),
    error: { ours: /bad-exposition/, theirs: /expected a valid start token/ },
  },
  {
    name: 'gzip_that_is_broken',
    answer: () => ({ headers: { 'content-encoding': 'gzip' }, body: 'm 1\n' }),
    error: { ours: /header/, theirs: /gzip|EOF/ },
  },
  {
    name: 'gzip_that_ends_early',
    answer: () => ({
      headers: { 'content-encoding': 'gzip' },
      body: gzipSync('m 1\n'.repeat(9)).subarray(0, 20),
    }),
    error: { ours: /end of file/, theirs: /EOF/ },
  },
  {
    name: 'slow',
    job: 'scrape_timeout: 300ms',
    answer: n => ({ delay: n === 1 ? 0 : 3000, body: 'm 1\n' }),
    error: { ours: /scrape timeout of 0.3 s/, theirs: /deadline exceeded/ },
  },
  {
    name: 'cut_off',
    answer: n => ({ cut: n !== 1, body: 'm 1\n'.repeat(1000) }),
    error: { ours: /unreachable|aborted|terminated|closed/, theirs: /EOF|reset/ },
  },
  {
    name: 'body_at_the_limit',
    job: 'body_size_limit: 10B, extra_scrape_metrics: true',
    answer: n => (n < 2 ? 'm 1234567\n' : 'm 123456\n'),
  },
  {
    name: 'body_above_the_limit',
    job: 'body_size_limit: 10B, extra_scrape_metrics: true',
    answer: n => (n === 0 ? 'm 1\n' : 'm 1234567890\n'),
    error: { ours: /body_size_limit/, theirs: /body size limit/ },
  },
  {
    name: 'redirect',
    answer: (_, { url }) =>
      url?.endsWith('/there') ? 'm 1\n' : { status: 302, headers: { location: '/redirect/there' } },
  },
  {
    name: 'redirect_not_followed',
    job: 'follow_redirects: false',
    answer: () => ({ status: 302, headers: { location: '/redirect/there' } }),
    error: { ours: /HTTP status 302 Found/, theirs: /HTTP status 302 Found/ },
  },
  {
    name: 'redirect_without_end',
    answer: () => ({ status: 307, headers: { location: '/redirect_without_end' } }),
    error: { ours: /10 redirects/, theirs: /10 redirects/ },
  },
  { name: 'secured', secured: true, job: 'tls_config: { ca_file: ca.pem }', answer: n => `m ${n}\n` },
  {
    name: 'secured_for_any',
    secured: true,
    job: 'tls_config: { insecure_skip_verify: true }',
    answer: () => 'm 1\n',
  },
  {
    name: 'secured_by_a_stranger',
    secured: true,
    answer: () => 'm 1\n',
    error: { ours: /certificate/, theirs: /certificate/ },
  },
  {
    name: 'secured_for_another',
    secured: true,
    job: 'tls_config: { ca_file: ca.pem, server_name: there.test }',
    answer: () => 'm 1\n',
    error: { ours: /certificate/, theirs: /certificate/ },
  },
];
