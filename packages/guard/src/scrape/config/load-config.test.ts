import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { UserError } from '../../core/index.ts';
import { loadPrometheusConfig } from '../index.ts';

const folder = mkdtempSync(join(tmpdir(), 'slo-guard-prometheus-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('scrape_config_files', () => {
  const file = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const load = (text: string) => loadPrometheusConfig(join(folder, 'prometheus.yml'), text);

  it('add their jobs, under the global section of the main file', () => {
    file('jobs-1.yml', 'scrape_configs: [{ job_name: b, bearer_token_file: word }]');
    file('jobs-2.yml', '');
    const { scrapeConfigs } = load(
      'global: { scrape_interval: 7s }\nscrape_config_files: [jobs-*.yml]\nscrape_configs: [{ job_name: a }]',
    );
    expect(scrapeConfigs).toMatchObject([
      { jobName: 'a' },
      {
        jobName: 'b',
        scrapeInterval: 7000,
        http: { credentials: { credentials: { path: join(folder, 'word') } } },
      },
    ]);
  });

  it('are refused with their own places', () => {
    file('bad.yml', 'scrape_configs:\n  - job_name: a\n    nope: 1');
    expect(() => load('scrape_config_files: [bad.yml]')).toThrow(/bad\.yml:3:5: unknown field "nope"/);
    file('same.yml', 'scrape_configs: [{ job_name: a }]');
    const text = 'scrape_config_files: [same.yml]\nscrape_configs: [{ job_name: a }]';
    expect(() => load(text)).toThrow(
      /same\.yml:1:30: two scrape configs have the job name "a", the first in /,
    );
  });
});

it('shows no secrets', () => {
  const { text } = loadPrometheusConfig(
    'f.yml',
    `scrape_configs:
  - job_name: a
    basic_auth: { username: me, password: one }
    tls_config: { key: two, cert: three }
    http_headers: { x: { secrets: [four], values: [five] } }
  - job_name: b
    authorization: { credentials: six }
  - job_name: c
    bearer_token: seven
    http_sd_configs: [{ url: 'http://x', basic_auth: { password: eight } }]
`,
  );
  for (const secret of ['one', 'two', 'four', 'six', 'seven', 'eight']) expect(text).not.toContain(secret);
  for (const shown of ['me', 'three', 'five', 'job_name: b']) expect(text).toContain(shown);
});

it('shows no secrets in errors', () => {
  const load = () =>
    loadPrometheusConfig('f.yml', 'scrape_configs: [{ job_name: a, bearer_token: hunter2, nope: 1 }]');
  expect(load).toThrow(UserError);
  expect(load).toThrow('bearer_token: *******, nope: 1');
});

it('fills variables of the environment in external labels, and tells which are empty', () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell's syntax
  const text = 'global: { external_labels: { a: "${HOST}-$ZONE", b: $$x, c: "1$", d: $NOPE } }';
  const { externalLabels, warnings } = loadPrometheusConfig('f.yml', text, {
    environment: { HOST: 'h', ZONE: 'z' },
  });
  expect(externalLabels.toObject()).toEqual({ a: 'h-z', b: '$x', c: '1$' });
  expect(warnings).toMatchObject([{ code: 'empty-variable', message: expect.stringContaining('NOPE') }]);
});
