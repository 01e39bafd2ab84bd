import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Logger } from '../core/index.ts';
import { ask, eventually, type GuardFolder, guardFolder, startIn } from './guard.testing.ts';
import type { Guard } from './index.ts';

/** A secret for each kind of client that sends one. Each begins and ends with a mark, and none fits into an excerpt. */
const MARKS = ['s3cret', 'ta1l'] as const;
const marked = (kind: string) => `${MARKS[0]}-${kind}-${'x-'.repeat(80)}${MARKS[1]}`;
const CLIENTS: Readonly<Record<string, string>> = {
  basic: `basic_auth: { username: me, password: ${marked('basic')} }`,
  basicFile: 'basic_auth: { username: me, password_file: password }',
  bearer: `bearer_token: ${marked('bearer')}`,
  authorization: `authorization: { type: Token, credentials: ${marked('authorization')} }`,
  header: `http_headers: { X-Key: { secrets: [${marked('header')}] } }`,
};

/** How a server may give back what it was sent. */
const ECHOES = ['status', 'body', 'exposition', 'json', 'groups', 'redirect', 'unpacked'] as const;
type EchoOf = (typeof ECHOES)[number];

const sentBy = ({ headers }: IncomingMessage) =>
  `${headers.authorization ?? ''} ${headers['x-key'] ?? ''}`.trim();
const decoded = (sent: string) => Buffer.from(sent.split(' ')[1] ?? '', 'base64').toString();

const seen = new Set<string>();
const server: Server = createServer((request, response) => {
  const [, kind, echo] = new URL(request.url ?? '', 'http://x').pathname.split('/') as [
    string,
    string,
    EchoOf,
  ];
  const sent = sentBy(request);
  if (sent.includes('s3cret') || decoded(sent).includes('s3cret')) seen.add(`${kind} ${echo}`);
  const answer = (status: number, headers: Record<string, string>, body = '') =>
    response.writeHead(status, headers).end(body);
  const json = { 'content-type': 'application/json' };
  switch (echo) {
    case 'status':
      response.writeHead(403, `bad ${sent}`).end();
      return;
    case 'body':
      answer(500, {}, `you sent ${sent}`);
      return;
    case 'unpacked':
      answer(500, {}, `you sent ${decoded(sent)} ${sent}`);
      return;
    case 'exposition':
      answer(200, { 'content-type': 'text/plain' }, `${sent}\nyou sent ${sent}\n`);
      return;
    case 'json':
      answer(200, json, `${sent} ${decoded(sent)}`);
      return;
    case 'groups':
      answer(200, json, JSON.stringify([{ targets: ['h:1'], labels: {}, [sent]: 1 }]));
      return;
    default:
      // To where nobody listens: the error says the address.
      answer(302, {
        location: `http://127.0.0.1:1/${encodeURIComponent(sent)}?${encodeURIComponent(decoded(sent))}`,
      });
  }
});

const logged: unknown[] = [];
const log = (...told: unknown[]) => void logged.push(told);
const logger: Logger = { debug: log, info: log, warn: log, error: log };
let folder: GuardFolder;
let guard: Guard;
let host: string;

const each = (line: (kind: string, client: string, echo: EchoOf) => string) =>
  Object.entries(CLIENTS)
    .flatMap(([kind, client]) => ECHOES.map(echo => line(kind, client, echo)))
    .join('\n');

const configOf = () => `global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [rules.yml]
scrape_configs:
${each((kind, client, echo) => `  - { job_name: ${kind}-${echo}, ${client}, metrics_path: /${kind}/${echo}, static_configs: [{ targets: ['${host}'] }] }`)}
${each((kind, client, echo) => `  - { job_name: sd-${kind}-${echo}, http_sd_configs: [{ url: 'http://${host}/sd-${kind}/${echo}', refresh_interval: 1s, ${client} }] }`)}
${ECHOES.map(echo => `  - { job_name: sd-url-${echo}, http_sd_configs: [{ url: 'http://me:s3cret-url@${host}/sd-url/${echo}', refresh_interval: 1s }] }`).join('\n')}
  - job_name: dropped
    static_configs: [{ targets: ['me:s3cret-target@${host}'] }]
    relabel_configs: [{ action: drop, source_labels: [job], regex: dropped }]
  - job_name: refused
    static_configs: [{ targets: ['me:s3cret-target@${host}', 's3cret-token@${host}'] }]
    relabel_configs: [{ action: keep, source_labels: [job], regex: refused }]
  - job_name: probe
    params: { module: [shown], target: [shown-too] }
    static_configs: [{ targets: ['${host}'] }]
alerting:
  alertmanagers:
${each((kind, client, echo) => `    - { path_prefix: /am-${kind}/${echo}, ${client}, static_configs: [{ targets: ['${host}'] }] }`)}
    - static_configs: [{ targets: ['me:s3cret-target@${host}'] }]
      relabel_configs: [{ target_label: x, replacement: y }]
`;

beforeAll(async () => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = guardFolder();
  folder.write('prometheus.yml', configOf());
  writeFileSync(join(folder.path, 'password'), `${marked('file')}\n`);
  folder.write(
    'alertmanager.yml',
    `route: { receiver: r }
receivers:
  - name: r
    webhook_configs: [{ url: 'http://me:s3cret-hook@127.0.0.1:1/s3cret-path' }]
    pagerduty_configs: [{ routing_key: s3cret-key, url: 'http://me:s3cret-url@127.0.0.1:1/' }]
`,
  );
  const options = {
    ...folder.options,
    enableLifecycle: true,
    alsoRouteEmbedded: true,
    flags: { 'web.external-url': 'http://me:s3cret-flag@host/' },
  };
  guard = await startIn({ ...folder, options }, logger);
});
afterAll(async () => {
  await guard.stop();
  folder.remove();
  server.closeAllConnections();
  await new Promise(resolve => server.close(resolve));
});

const api = (path: string) => ask(guard.addresses.prometheus, `/api/v1/${path}`);

describe('secrets of what is scraped, asked and sent to', () => {
  it('come through, and are in nothing that people see', { timeout: 60_000 }, async () => {
    const kinds = [...Object.keys(CLIENTS).flatMap(kind => [kind, `sd-${kind}`, `am-${kind}`]), 'sd-url'];
    await eventually(() => kinds.every(kind => ECHOES.every(echo => seen.has(`${kind} ${echo}`))), 30_000);
    // Every server has answered; what was made of the last answers follows.
    await eventually(async () => {
      const { activeTargets } = (await api('targets')).json.data;
      return activeTargets.every((target: { health: string }) => target.health !== 'unknown');
    });
    const jobs = (await api('scrape_pools')).json.data.scrapePools as string[];
    const { prometheus, alertmanager, console: consoleAddress } = guard.addresses;
    const asked: [string | undefined, string][] = [
      [prometheus, '/metrics'],
      ...[
        'targets',
        'targets/metadata',
        'status/config',
        'status/flags',
        'status/runtimeinfo',
        'status/self_metrics',
        'alertmanagers',
        'alerts',
        'rules',
        'notifications',
        'metadata',
        'query?query={__name__!=""}',
        ...jobs.map(job => `scrape_pools/config?scrapePool=${job}`),
      ].map((path): [string | undefined, string] => [prometheus, `/api/v1/${path}`]),
      ...['/api/v2/status', '/api/v2/alerts', '/api/v2/receivers', '/metrics'].map(
        (path): [string | undefined, string] => [alertmanager, path],
      ),
      ...['meta', 'slos', 'alerts', 'notifications', 'traces'].map((path): [string | undefined, string] => [
        consoleAddress,
        `/api/${path}`,
      ]),
    ];
    for (const [address, path] of asked) {
      const { status, text } = await ask(address, path);
      expect([200, 204], path).toContain(status);
      expect(leaksIn(text), path).toEqual([]);
    }
    expect(logged.length).toBeGreaterThan(ECHOES.length);
    expect(leaksIn(JSON.stringify(logged))).toEqual([]);
  });

  it('are told to be there', async () => {
    const { activeTargets, droppedTargets } = (await api('targets')).json.data;
    const errors = activeTargets.map(({ lastError }: { lastError: string }) => lastError).join('\n');
    for (const text of ['bad Basic <secret>', 'bad Bearer <secret>', 'bad <secret>'])
      expect(errors).toContain(text);
    expect(
      droppedTargets.map((target: { discoveredLabels: object }) => target.discoveredLabels),
    ).toContainEqual(expect.objectContaining({ __address__: `<secret>@${host}` }));
    const file = (await api('status/config')).json.data.yaml;
    expect(file).toContain(`http://<secret>@${host}/sd-url/status`);
    expect(JSON.stringify(logged)).toContain('a target cannot be scraped');
  });

  // web/api/v1/api.go writes target.URL().String(): parameters are labels, which are no secrets.
  it('are not the parameters of a job', async () => {
    const { activeTargets } = (await api('targets?scrapePool=probe')).json.data;
    expect(activeTargets[0].scrapeUrl).toBe(`http://${host}/metrics?module=shown&target=shown-too`);
  });

  it('are in no error of a configuration that is refused at a reload', async () => {
    for (const bad of [
      `scrape_configs: [{ job_name: a, static_configs: [{ targets: ['me:s3cret-a@h:1'] }] }]`,
      `scrape_configs: [{ job_name: a, static_configs: [{ targets: ['s3cret-a@h:1'] }] }]`,
      `scrape_configs: [{ job_name: a, static_configs: [{ targets: ['http://me:s3/cret-a@h:1'] }] }]`,
      `alerting: { alertmanagers: [{ static_configs: [{ targets: ['me:s3cret-a@h:1'] }] }] }`,
      `scrape_configs: [{ job_name: a, basic_auth: { password: s3cret, password_file: x } }]`,
      `scrape_configs: [{ job_name: a, bearer_token: { s3cret: 1 } }]`,
      `scrape_configs: [{ job_name: a, http_sd_configs: [{ url: 'ftp://me:s3cret@h/' }] }]`,
      `scrape_configs: [{ job_name: a, scheme: 'http://me:s3cret@h/' }]`,
      `scrape_configs: [{ job_name: a, params: 'http://me:s3cret@h/' }]`,
    ]) {
      folder.write('prometheus.yml', bad);
      const from = logged.length;
      const { status, text } = await ask(guard.addresses.prometheus, '/-/reload', { method: 'POST' });
      expect(status, bad).toBe(500);
      expect(text + JSON.stringify(logged.slice(from)), bad).not.toMatch(/s3cret|s3\/cret|cret-a/);
    }
  });
});

/** The marks as they are and in base64, by how many bytes precede them. */
const FORMS = MARKS.flatMap(mark => [
  mark,
  ...[0, 1, 2].map(before =>
    Buffer.from(`${'\0'.repeat(before)}${mark}`)
      .toString('base64')
      .slice(before === 0 ? 0 : before + 1, -2),
  ),
]).filter(form => form.length > 3);

/** Where marks stand in a text, with what is around. */
const leaksIn = (text: string) =>
  FORMS.map(form => text.indexOf(form))
    .filter(at => at >= 0)
    .map(at => text.slice(Math.max(0, at - 150), at + 100));
