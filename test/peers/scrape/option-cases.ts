import type { IncomingMessage } from 'node:http';
import type { ScrapeCase } from './case.ts';

const ofJob = (name: string, job: string, body: string | ((n: number) => string)): ScrapeCase => ({
  name,
  job,
  answer: n => (typeof body === 'string' ? body : body(n)),
});
const refused = (one: ScrapeCase, ours: RegExp, theirs: RegExp): ScrapeCase => ({
  ...one,
  error: { ours, theirs },
});

/** What a target was asked, as labels of its answer. */
function asked({ headers, url }: IncomingMessage): string {
  const shown = [
    'accept',
    'accept-encoding',
    'authorization',
    'x-prometheus-scrape-timeout-seconds',
    'x-tenant',
  ];
  const pairs = shown.map(name => `${name.replaceAll('-', '_')}=${JSON.stringify(headers[name] ?? '')}`);
  return `asked{url=${JSON.stringify(url)},${pairs.join(',')}} 1\n`;
}
const asks = (name: string, job: string): ScrapeCase => ({
  name,
  job,
  answer: (_, request) => asked(request),
});

const CLASHES = 'm{job="x",exported_job="y",instance=""} 1\nm{job="",instance="z",a="b"} 2\nn 3\n';
const SERIES = 'm{a="1",b="two",__tmp="t"} 1\nm{a="2",b="Three"} 2\nn{a="1"} 3\n';

/** One job for each option that changes what is stored or asked. */
export const OPTION_CASES: readonly ScrapeCase[] = [
  ofJob('labels_that_clash', '', CLASHES),
  ofJob('labels_that_are_honoured', 'honor_labels: true', CLASHES),
  ofJob('sample_limit', 'sample_limit: 2', n => (n === 2 ? 'a 1\nb 1\nc 1\n' : 'a 1\nb 1\n')),
  refused(ofJob('sample_limit_for_good', 'sample_limit: 1', 'a 1\nb 1\n'), /sample_limit/, /sample limit/),
  ofJob(
    'sample_limit_after_relabelling',
    'sample_limit: 1, metric_relabel_configs: [{ source_labels: [__name__], regex: b, action: drop }]',
    'a 1\nb 1\n',
  ),
  refused(ofJob('label_limit', 'label_limit: 3', 'a 1\nm{x="1"} 1\n'), /label_limit/, /label_limit/),
  refused(
    ofJob('label_name_length_limit', 'label_name_length_limit: 8', 'a 1\nm{longer_name="1"} 1\n'),
    /label_name_length_limit/,
    /label_name_length_limit/,
  ),
  refused(
    ofJob('label_value_length_limit', 'label_value_length_limit: 40', `a 1\nm{b="${'é'.repeat(21)}"} 1\n`),
    /label_value_length_limit/,
    /label_value_length_limit/,
  ),
  refused(
    ofJob('target_limit', 'target_limit: 1, file_sd_configs: [{ files: [more/*.json] }]', 'm 1\n'),
    /target_limit/,
    /target_limit/,
  ),
  ofJob('extra_scrape_metrics', 'extra_scrape_metrics: true, sample_limit: 5', n =>
    n === 1 ? '!\n' : 'm 1\n',
  ),
  ofJob('names_in_utf8', '', '{"a.b","c.d"="e"} 1\n'),
  refused(
    ofJob('names_of_old', 'metric_name_validation_scheme: legacy', 'a 1\n{"a.b"} 1\n'),
    /bad metric name/,
    /invalid metric name/,
  ),
  refused(ofJob('label_without_name', '', 'a 1\nm{""="x"} 1\n'), /bad label name/, /invalid metric name/),
  refused(
    ofJob(
      'metric_without_name',
      'metric_relabel_configs: [{ regex: __name__, action: labeldrop }]',
      'a 1\nb 1\n',
    ),
    /no metric name/,
    /missing metric name/,
  ),
  ...(
    [
      [
        'replace',
        'source_labels: [a, b], separator: "-", regex: "(.)-(.*)", target_label: c, replacement: "$2/$1"',
      ],
      ['replace_by_name', 'source_labels: [b], target_label: "label_$1", replacement: y'],
      ['keep', 'source_labels: [a], regex: "1", action: keep'],
      ['drop', 'source_labels: [a], regex: "1", action: drop'],
      ['keepequal', 'source_labels: [a], target_label: b, action: keepequal'],
      ['dropequal', 'source_labels: [a], target_label: b, action: dropequal'],
      ['hashmod', 'source_labels: [a, b], target_label: h, modulus: 1000003, action: hashmod'],
      ['labelmap', 'regex: "(a|b)", replacement: "x_$1", action: labelmap'],
      ['labeldrop', 'regex: "b|__tmp", action: labeldrop'],
      ['labelkeep', 'regex: "__name__|a|job|instance", action: labelkeep'],
      ['lowercase', 'source_labels: [b], target_label: l, action: lowercase'],
      ['uppercase', 'source_labels: [b], target_label: u, action: uppercase'],
    ] as const
  ).map(([action, rule]) => ofJob(`relabel_${action}`, `metric_relabel_configs: [{ ${rule} }]`, SERIES)),
  ofJob(
    'relabelled_target',
    'params: { x: [a, b] }, relabel_configs: [{ target_label: zone, replacement: z }, ' +
      '{ target_label: __param_x, replacement: new }, { target_label: __scrape_interval__, replacement: 3000ms }, ' +
      '{ source_labels: [__address__], target_label: instance, regex: "(.*):.*" }]',
    'm 1\n',
  ),
  asks('asked_by_default', ''),
  asks(
    'asked_otherwise',
    'scrape_timeout: 1500ms, enable_compression: false, params: { "a b": ["~*\'()", "&"] }',
  ),
  asks(
    'asked_for_protocols',
    'scrape_protocols: [PrometheusText1.0.0, OpenMetricsText0.0.1], metric_name_escaping_scheme: underscores',
  ),
  asks('asked_with_basic_auth', 'basic_auth: { username: me, password_file: password.txt }'),
  asks('asked_with_a_token', 'authorization: { type: Token, credentials: abc }'),
  asks('asked_with_bearer_token', 'bearer_token: abc'),
  asks(
    'asked_with_headers',
    'http_headers: { X-Tenant: { values: [a], secrets: [b], files: [password.txt] } }',
  ),
];
