import { describe, expect, it } from 'vitest';
import { UserError } from '../core/index.ts';
import { loadPrometheusConfig } from './index.ts';

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
      alertmanagers: [{ scheme: 'http', pathPrefix: '/am', timeout: 10_000 }],
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
        staticGroups: [{ targets: ['localhost:8001', 'localhost:8002'], labels: { team: 'x' } }],
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
    basic_auth: {}
`);
    expect(
      problems.map(({ code, message, position }) => [code, message.split(' ').at(-1), position?.line]),
    ).toEqual([
      ['unsupported-field', 'remote_write', 2],
      ['unsupported-field', 'query_log_file', 3],
      ['unsupported-field', 'basic_auth', 7],
      ['unsupported-field', 'kubernetes_sd_configs', 6],
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
    ['an api version', 'alerting: { alertmanagers: [{ api_version: v1 }] }', 'bad-value', 1, 44],
  ])('refuses %s', (_, text, code, line, column) => {
    expect(problemsOf(text)[0]).toMatchObject({ code, position: { line, column } });
  });
});
