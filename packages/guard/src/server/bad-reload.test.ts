import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSystemClock, type Logger } from '../core/index.ts';
import {
  ALERTMANAGER_YML,
  ask,
  eventually,
  type GuardFolder,
  guardFolder,
  PROMETHEUS_YML,
  RULES_YML,
} from './guard.testing.ts';
import { type Guard, startGuard } from './index.ts';

/** Stands for every secret, and must be seen nowhere. */
const SECRET = 'hunter2hunter2';

let folder: GuardFolder;
let guard: Guard;
const lines: string[] = [];
const log = (fields: object | string, text?: string) => void lines.push(JSON.stringify([fields, text]));
const logger = { debug: log, info: log, warn: log, error: log } as unknown as Logger;

beforeAll(async () => {
  folder = guardFolder({ enableLifecycle: true });
  guard = await startGuard(folder.options, { clock: createSystemClock(), logger });
});
afterAll(async () => {
  await guard.stop();
  folder.remove();
});

type Reloaded = 'prometheus' | 'alertmanager';
const reload = (surface: Reloaded) => ask(guard.addresses[surface], '/-/reload', { method: 'POST' });
const alerts = async () => (await ask(guard.addresses.prometheus, '/api/v1/alerts')).json.data.alerts;

async function successful(surface: Reloaded): Promise<string | undefined> {
  const { text } = await ask(guard.addresses[surface], '/metrics');
  return new RegExp(`^${surface}_config_last_reload_successful (\\d)$`, 'm').exec(text)?.[1];
}

const withJob = (rest: string) => `${PROMETHEUS_YML}  - job_name: more\n${rest}`;
const basic = (password: string) =>
  withJob(`    basic_auth:\n      username: u\n      password: ${password}\n`);
const hook = (url: string) => ALERTMANAGER_YML.replace("'http://127.0.0.1:1/'", url);
const receiver = (config: string) => `route: { receiver: r }\nreceivers:\n  - name: r\n    ${config}\n`;

const BROKEN: readonly (readonly [
  what: string,
  surface: Reloaded,
  file: string,
  text: string,
  place: RegExp,
])[] = [
  ...[
    `http_sd_configs: [{ url: 'http://u:${SECRET}@x/', refresh_intervall: 1s }]`,
    `http_sd_configs: [{ url: 'ftp://u:${SECRET}@x/' }]`,
    `http_sd_configs: [{ url: 'http://u:${SECRET}@[x/' }]`,
    `http_sd_configs: [{ url: "http://u:${SECRET}@x/ }]`,
    `static_configs: [{ targets: ['http://u:${SECRET}@x/'] }]`,
    `proxy_url: 'http://u:${SECRET}@x/'`,
    `params: { a: 'http://u:${SECRET}@x/' }`,
    `oauth2: { client_secret: ${SECRET}, tls_config: {} }`,
    `http_headers: { X-Key: { values: [a], secrets: [${SECRET}], more: b } }`,
    `basic_auth: { username_ref: a, password: ${SECRET} }`,
    `authorization: { credentials: ${SECRET}, type: Basic }`,
    `bearer_token: ${SECRET}\n    basic_auth: { username: a, password: ${SECRET} }`,
  ].map(
    line =>
      [
        `a job with ${line.replaceAll(SECRET, '…')}`,
        'prometheus',
        'prometheus.yml',
        withJob(`    ${line}\n`),
        /prometheus\.yml:\d+:\d+: /,
      ] as const,
  ),
  ...[
    `global: { pagerduty_url: 'http://u:${SECRET}@x/', pager: x }\n${receiver('webhook_configs: []')}`,
    receiver(`webhook_configs: [{ url: 'http://x/', http_config: { proxy_url: 'http://u:${SECRET}@x/' } }]`),
    receiver(`webhook_configs: [{ url: 'http://x/', payload: { a: '{{ ${SECRET}' } }]`).replace(SECRET, 'x'),
    receiver(`webhook_configs: [{ url_file: f, url: 'http://x/${SECRET}' }]`),
    receiver(`slack_configs: [{ api_url: '${SECRET}', channel: c }]`),
    receiver(`pagerduty_configs: [{ routing_key: ${SECRET}, routing_key_file: f }]`),
    receiver(`email_configs: [{ to: a@b, from: c@d, smarthost: 'h:25', auth_password: ${SECRET}, auth: x }]`),
    receiver(`jira_configs: [{ api_url: 'http://u:${SECRET}@x/' }]`),
  ].map(
    (text, i) =>
      [
        `a router's file ${i}`,
        'alertmanager',
        'alertmanager.yml',
        text,
        /alertmanager\.yml:\d+:\d+: /,
      ] as const,
  ),
  ...['!', '&', '@', '`', '%', '|', '>', '"\\x', '"\\', '{', '[', '? ', '- ', '"', "'", '!!', '&a *'].map(
    begin =>
      [
        `a password that begins with ${begin}`,
        'prometheus',
        'prometheus.yml',
        basic(`${begin}${SECRET}\n  {`),
        /prometheus\.yml:\d+:\d+: /,
      ] as const,
  ),
  [
    'a quote that does not end',
    'prometheus',
    'prometheus.yml',
    basic(`'${SECRET}`),
    /prometheus\.yml:\d+:\d+: /,
  ],
  [
    'a password with a colon',
    'prometheus',
    'prometheus.yml',
    basic(`${SECRET}: x`),
    /prometheus\.yml:\d+:\d+: /,
  ],
  ['a password in a list', 'prometheus', 'prometheus.yml', basic(`[${SECRET}]`), /prometheus\.yml:\d+:\d+: /],
  [
    'a password twice',
    'prometheus',
    'prometheus.yml',
    basic(`${SECRET}\n      password: ${SECRET}`),
    /prometheus\.yml:\d+:\d+: /,
  ],
  [
    'a password that is outdented',
    'prometheus',
    'prometheus.yml',
    basic(`\n   ${SECRET}`),
    /prometheus\.yml:\d+:\d+: /,
  ],
  [
    'a password with a tab',
    'prometheus',
    'prometheus.yml',
    basic(`${SECRET}\n\tx: y`),
    /prometheus\.yml:\d+:\d+: /,
  ],
  ['an unknown alias', 'prometheus', 'prometheus.yml', basic(`*${SECRET}`), /prometheus\.yml:\d+:\d+: /],
  [
    'an unknown field beside',
    'prometheus',
    'prometheus.yml',
    withJob(`    basic_auth: { username: u, password: ${SECRET}, user: x }\n`),
    /prometheus\.yml:9:\d+: /,
  ],
  [
    'a bearer token on one line with a mistake',
    'prometheus',
    'prometheus.yml',
    withJob(`    authorization: { credentials: ${SECRET}, tipe: x }\n`),
    /prometheus\.yml:9:\d+: /,
  ],
  [
    'a bad expression',
    'prometheus',
    'rules.yml',
    'groups:\n  - name: g\n    rules: [{ alert: A, expr: "sum(" }]\n',
    /rules\.yml:3:36: /,
  ],
  [
    'half a rule file',
    'prometheus',
    'rules.yml',
    'groups:\n  - name: g\n    rules: [{ alert: A',
    /rules\.yml:\d+:\d+: /,
  ],
  ['rules that are no YAML', 'prometheus', 'rules.yml', 'groups: [}\n', /rules\.yml:1:\d+: /],
  ['bytes', 'prometheus', 'rules.yml', '\0\u0001\u0002', /rules\.yml/],
  [
    'an address that does not end',
    'alertmanager',
    'alertmanager.yml',
    hook(`'http://x/${SECRET}`),
    /alertmanager\.yml:\d+:\d+: /,
  ],
  [
    'an address of another protocol',
    'alertmanager',
    'alertmanager.yml',
    hook(`ftp://u:${SECRET}@x/`),
    /alertmanager\.yml:\d+:\d+: /,
  ],
  [
    'an address that is none',
    'alertmanager',
    'alertmanager.yml',
    hook(`'http://[${SECRET}'`),
    /alertmanager\.yml:\d+:\d+: /,
  ],
  [
    'an unknown key',
    'alertmanager',
    'alertmanager.yml',
    receiver(`slack_configs: [{ api_url: 'http://x/${SECRET}', chanel: '#x' }]`),
    /alertmanager\.yml:4:\d+: .*chanel/,
  ],
  [
    'a bad regexp',
    'alertmanager',
    'alertmanager.yml',
    `route: { receiver: r, routes: [{ match_re: { a: '(' } }] }\nreceivers: [{ name: r, webhook_configs: [{ url: 'http://x/${SECRET}' }] }]\n`,
    /alertmanager\.yml:1:\d+: /,
  ],
  [
    'a key that is no text',
    'alertmanager',
    'alertmanager.yml',
    receiver(`pagerduty_configs: [{ routing_key: { ${SECRET}: x } }]`),
    /alertmanager\.yml:4:\d+: /,
  ],
  [
    'a header with a mistake',
    'alertmanager',
    'alertmanager.yml',
    receiver(
      `webhook_configs: [{ url: 'http://x/', http_config: { http_headers: { X-Key: { secrets: ${SECRET} } } } }]`,
    ),
    /alertmanager\.yml:4:\d+: /,
  ],
  [
    'an SMTP password with a mistake',
    'alertmanager',
    'alertmanager.yml',
    `global: { smtp_auth_password: ${SECRET}, smtp_port: x }\n${receiver('webhook_configs: []')}`,
    /alertmanager\.yml:1:\d+: /,
  ],
];

describe('a broken file at a reload', () => {
  it.each(BROKEN)(
    '%s is refused with its place, its secrets hidden, and the old one goes on',
    async (_what, surface, file, text, place) => {
      const [before] = await eventually(async () => (await alerts()).length > 0 && alerts());
      folder.write(file, text);
      try {
        const { status, text: told } = await reload(surface);
        expect([status, told]).toEqual([500, expect.stringMatching(place)]);
        expect(told).toMatch(/^failed to reload config: /);
        expect(told).not.toContain(SECRET);
        expect(lines.some(line => place.test(line))).toBe(true);
        expect(lines.join('\n')).not.toContain(SECRET);
        expect(await successful(surface)).toBe('0');
        expect(await alerts()).toMatchObject([{ state: 'firing', activeAt: before.activeAt }]);
        const { text: shown } = await ask(guard.addresses.prometheus, '/api/v1/status/runtimeinfo');
        expect(shown).not.toContain(SECRET);
      } finally {
        folder.write('prometheus.yml', PROMETHEUS_YML);
        folder.write('alertmanager.yml', ALERTMANAGER_YML);
        folder.write('rules.yml', RULES_YML);
        lines.length = 0;
      }
      expect((await reload(surface)).status).toBe(200);
      expect(await successful(surface)).toBe('1');
      expect(await alerts()).toMatchObject([{ state: 'firing', activeAt: before.activeAt }]);
    },
  );
});
