import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../core/index.ts';
import { loadPrometheusConfig } from '../index.ts';
import { acceptHeader } from './protocols.ts';

const problemsOf = (text: string) => {
  try {
    loadPrometheusConfig('prometheus.yml', text);
  } catch (error) {
    if (error instanceof UserError) return error.problems;
    throw error;
  }
  throw new Error('accepted');
};

describe('a Prometheus configuration', () => {
  it('is read with its defaults', () => {
    const config = loadPrometheusConfig(
      'prometheus.yml',
      `
global:
  scrape_interval: 5s
  external_labels: { cluster: demo, shard: 1 }
rule_files: [rules.yml]
scrape_configs:
  - job_name: services
    body_size_limit: 10MB
    params: { module: [a, b] }
    static_configs:
      - targets: [localhost:8001, localhost:8002]
        labels: { team: x }
  - job_name: other
    scrape_interval: 1m
alerting:
  alertmanagers:
    - path_prefix: /am
      static_configs: [{ targets: ['localhost:9093'] }]
storage:
  exemplars: { max_exemplars: 1000 }
`,
    );
    expect(config).toMatchObject({
      scrapeInterval: 5000,
      scrapeTimeout: 5000,
      evaluationInterval: 60_000,
      ruleFiles: ['rules.yml'],
      maxExemplars: 1000,
      alerting: {
        alertRelabelRules: [],
        alertmanagers: [{ scheme: 'http', pathPrefix: '/am', timeout: 10_000, relabelRules: [] }],
      },
    });
    expect(config.externalLabels.toObject()).toEqual({ cluster: 'demo', shard: '1' });
    expect(config.scrapeConfigs).toMatchObject([
      {
        jobName: 'services',
        scrapeInterval: 5000,
        scrapeTimeout: 5000,
        metricsPath: '/metrics',
        honorTimestamps: true,
        bodySizeLimitBytes: 10 * 1024 * 1024,
        discovery: [
          {
            kind: 'static',
            groups: [{ targets: ['localhost:8001', 'localhost:8002'], labels: { team: 'x' } }],
          },
        ],
      },
      { jobName: 'other', scrapeInterval: 60_000, scrapeTimeout: 5000 },
    ]);
  });

  it('names every key that is not carried out, with its place', () => {
    const problems = problemsOf(`
remote_write: [{ url: http://x }]
global: { query_log_file: x }
scrape_configs:
  - job_name: a
    kubernetes_sd_configs: []
    proxy_url: http://x
    http_sd_configs: [{ url: http://x, oauth2: {} }]
`);
    expect(
      problems.map(({ code, message, position }) => [code, message.split(' ').at(-1), position?.line]),
    ).toEqual([
      ['unsupported-field', 'remote_write', 2],
      ['unsupported-field', 'query_log_file', 3],
      ['unsupported-field', 'proxy_url', 7],
      ['unsupported-field', 'kubernetes_sd_configs', 6],
      ['unsupported-field', 'oauth2', 8],
    ]);
    expect(problems[0]?.remedy).toContain('real Prometheus');
  });

  it.each([
    ['an unknown key', 'scrape_config: []', 'unknown-field', 1, 1],
    ['a job without a name', 'scrape_configs: [{ scheme: http }]', 'missing-field', 1, 18],
    [
      'a timeout above the interval',
      'scrape_configs: [{ job_name: a, scrape_interval: 1s, scrape_timeout: 2s }]',
      'timeout-above-interval',
      1,
      70,
    ],
    ['two jobs of one name', 'scrape_configs: [{ job_name: a }, { job_name: a }]', 'duplicate-job', 1, 47],
    [
      'a target with a path',
      'scrape_configs: [{ job_name: a, static_configs: [{ targets: ["a/b"] }] }]',
      'bad-value',
      1,
      62,
    ],
    [
      'a bad regexp',
      'scrape_configs: [{ job_name: a, relabel_configs: [{ regex: "(", target_label: x }] }]',
      'bad-value',
      1,
      51,
    ],
    [
      'hashmod without modulus',
      'scrape_configs: [{ job_name: a, relabel_configs: [{ action: hashmod, target_label: x }] }]',
      'bad-value',
      1,
      51,
    ],
    [
      'labeldrop with source labels',
      'scrape_configs: [{ job_name: a, relabel_configs: [{ action: labeldrop, source_labels: [a] }] }]',
      'bad-value',
      1,
      51,
    ],
    [
      'protobuf',
      'scrape_configs: [{ job_name: a, scrape_protocols: [PrometheusProto] }]',
      'bad-value',
      1,
      52,
    ],
    ['no protocol', 'scrape_configs: [{ job_name: a, scrape_protocols: [] }]', 'bad-value', 1, 51],
    ['native histograms', 'global: { scrape_native_histograms: true }', 'bad-value', 1, 37],
    [
      'two ways to authenticate',
      'scrape_configs: [{ job_name: a, basic_auth: { username: x }, bearer_token: y }]',
      'bad-value',
      1,
      76,
    ],
    [
      'a file of targets of another kind',
      'scrape_configs: [{ job_name: a, file_sd_configs: [{ files: [a.txt] }] }]',
      'bad-value',
      1,
      61,
    ],
    [
      'an address of targets that is none',
      'scrape_configs: [{ job_name: a, http_sd_configs: [{ url: x }] }]',
      'bad-value',
      1,
      58,
    ],
    [
      'names of old that are none',
      'scrape_configs: [{ job_name: a, metric_name_validation_scheme: legacy, relabel_configs: [{ target_label: a-b }] }]',
      'bad-value',
      1,
      90,
    ],
    [
      'names in UTF-8 that are not valid',
      'scrape_configs: [{ job_name: a, metric_name_validation_scheme: legacy, metric_name_escaping_scheme: allow-utf-8 }]',
      'bad-value',
      1,
      101,
    ],
    ['an external label without a name', 'global: { external_labels: { "": a } }', 'bad-value', 1, 30],
    [
      'an address as a target of Alertmanager',
      "alerting: { alertmanagers: [{ static_configs: [{ targets: ['http://a'] }] }] }",
      'bad-value',
      1,
      60,
    ],
    [
      'two ways to authenticate to Alertmanager',
      'alerting: { alertmanagers: [{ bearer_token: a, basic_auth: { username: b } }] }',
      'bad-value',
      1,
      45,
    ],
    ['sigv4', 'alerting: { alertmanagers: [{ sigv4: {} }] }', 'unsupported-field', 1, 31],
    [
      'names of old that are none in rules of alerts',
      'global: { metric_name_validation_scheme: legacy }\nalerting: { alert_relabel_configs: [{ target_label: a-b }] }',
      'bad-value',
      2,
      37,
    ],
    ['an api version', 'alerting: { alertmanagers: [{ api_version: v1 }] }', 'bad-value', 1, 44],
  ])('refuses %s', (_, text, code, line, column) => {
    expect(problemsOf(text)[0]).toMatchObject({ code, position: { line, column } });
  });
});

const folder = '/etc/prometheus';

/** The first job of a file in that folder. */
const jobOf = (fields: string, global = '{}') =>
  loadPrometheusConfig(
    join(folder, 'prometheus.yml'),
    `global: ${global}\nscrape_configs: [{ job_name: a, ${fields} }]`,
  ).scrapeConfigs[0]!;

describe('a job', () => {
  it('takes limits and report series from the global section unless it says otherwise', () => {
    const global = '{ sample_limit: 5, target_limit: 6, extra_scrape_metrics: yes, keep_dropped_targets: 1 }';
    expect(jobOf('target_limit: 7', global)).toMatchObject({
      sampleLimit: 5,
      targetLimit: 7,
      keepDroppedTargets: 1,
      extraScrapeMetrics: true,
    });
    expect(jobOf('extra_scrape_metrics: false', global).extraScrapeMetrics).toBe(false);
  });

  it('finds targets in files and over HTTP, named from the folder of its file', () => {
    const job = jobOf(
      'file_sd_configs: [{ files: [targets/*.json], refresh_interval: 1m }], ' +
        'http_sd_configs: [{ url: "http://x/y", basic_auth: { password_file: word } }], ' +
        'tls_config: { ca_file: /etc/ca.pem }',
    );
    expect(job.discovery).toMatchObject([
      { kind: 'file', patterns: [join(folder, 'targets/*.json')], refreshInterval: 60_000 },
      {
        kind: 'http',
        url: 'http://x/y',
        refreshInterval: 60_000,
        http: { credentials: { password: { kind: 'file', path: join(folder, 'word') } } },
      },
    ]);
    expect(job.http.tls.ca).toEqual({ kind: 'file', path: '/etc/ca.pem' });
  });

  it('may have any text for a target that is relabelled', () => {
    const job = jobOf(
      'static_configs: [{ targets: ["http://x/y"] }], relabel_configs: [{ target_label: __address__, replacement: h }]',
    );
    expect(job.discovery).toMatchObject([{ groups: [{ targets: ['http://x/y'] }] }]);
  });

  it('takes texts as they are written', () => {
    const job = jobOf('static_configs: [{ targets: [a], labels: { version: 1.10, on: true } }]');
    expect(job.discovery).toMatchObject([{ groups: [{ labels: { version: '1.10', on: 'true' } }] }]);
  });

  it('asks for the protocols that it lists, by weight', () => {
    const job = jobOf(
      'scrape_protocols: [PrometheusText1.0.0, OpenMetricsText0.0.1], metric_name_escaping_scheme: dots',
    );
    expect(acceptHeader(job.protocols, job.escapingScheme)).toBe(
      'text/plain;version=1.0.0;escaping=dots;q=0.7,application/openmetrics-text;version=0.0.1;q=0.6,*/*;q=0.5',
    );
  });

  it.each([
    ['', '{}', 'utf8', 'allow-utf-8'],
    ['', '{ metric_name_validation_scheme: legacy }', 'legacy', 'underscores'],
    ['metric_name_validation_scheme: legacy', '{}', 'legacy', 'underscores'],
    ['metric_name_validation_scheme: utf8', '{ metric_name_escaping_scheme: dots }', 'utf8', 'allow-utf-8'],
    ['', '{ metric_name_escaping_scheme: dots }', 'utf8', 'dots'],
  ])('with %j under %s has names by %s, escaped by %s', (fields, global, nameValidation, escapingScheme) => {
    expect(jobOf(fields, global)).toMatchObject({ nameValidation, escapingScheme });
  });
});
