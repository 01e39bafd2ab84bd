import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadAlertmanagerConfig } from '../../packages/guard/src/alertmanager/index.ts';
import { UserError } from '../../packages/guard/src/core/index.ts';
import { runPeer } from './programs.ts';

const folder = mkdtempSync(join(tmpdir(), 'slo-guard-router-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const RECEIVERS = "receivers: [{ name: r, webhook_configs: [{ url: 'http://x/' }] }]";
const ROUTE = 'route: { receiver: r }';
const route = (fields: string) => `route: { receiver: r, ${fields} }\n${RECEIVERS}`;
const child = (fields: string) => route(`routes: [{ ${fields} }]`);
const inhibit = (fields: string) => `${ROUTE}\n${RECEIVERS}\ninhibit_rules: [{ ${fields} }]`;
const receiver = (configs: string) => `${ROUTE}\nreceivers: [{ name: r, ${configs} }]`;
const webhook = (fields: string) => receiver(`webhook_configs: [{ ${fields} }]`);
const http = (fields: string) => webhook(`url: 'http://x/', http_config: { ${fields} }`);
const global = (fields: string) => `global: { ${fields} }\n${ROUTE}\n${RECEIVERS}`;

/** Whole files; each is taken by both or refused by both. */
const FILES: readonly string[] = [
  `${ROUTE}\n${RECEIVERS}`,
  '',
  '{}',
  '[]',
  'x',
  ROUTE,
  RECEIVERS,
  `${ROUTE}\nreceivers: []`,
  `${ROUTE}\nreceivers: [{ name: r }]`,
  `${ROUTE}\nreceivers: [{ name: r }, { name: r }]`,
  `${ROUTE}\nreceivers: [{ name: '' }, { name: r }]`,
  `${ROUTE}\nreceivers: [{}]`,
  `${ROUTE}\n${RECEIVERS}\nunknown: 1`,
  `${ROUTE}\n${ROUTE}\n${RECEIVERS}`,
  `${ROUTE}\n${RECEIVERS}\ntemplates: ['*.none']`,
  `${ROUTE}\n${RECEIVERS}\ntemplates: x`,
  `${ROUTE}\n${RECEIVERS}\ntracing: {}`,
  `route: { receiver: none }\n${RECEIVERS}`,
  `route: {}\n${RECEIVERS}`,
  ...[
    'group_by: [a, b]',
    "group_by: ['...']",
    "group_by: ['...', a]",
    'group_by: [a, a]',
    'group_by: a',
    "group_by: ['a b']",
    "group_by: ['']",
    'group_by: []',
    'group_by: [1]',
    'group_wait: 0s',
    'group_wait: -1s',
    'group_wait: 1',
    'group_wait: 1h30m',
    'group_wait: 1m1h',
    'group_interval: 0s',
    'group_interval: 5m',
    'repeat_interval: 0s',
    'repeat_interval: 1ms',
    'continue: true',
    "continue: 'true'",
    'continue: yes',
    'continue: x',
    'matchers: [a="b"]',
    'match: { a: b }',
    'mute_time_intervals: [x]',
    'unknown: x',
    'routes: x',
    'routes: [x]',
    'routes: []',
    'routes: [{}]',
  ].map(route),
  ...[
    'matchers: [a="b"]',
    'matchers: [a=b]',
    'matchers: [a]',
    "matchers: ['']",
    "matchers: ['a=b,c=d']",
    "matchers: ['{a=b}']",
    "matchers: ['a=~(']",
    'matchers: [\'a=~"(?=x)"\']',
    "matchers: ['größe=x']",
    'matchers: [\'"a b"=x\']',
    "matchers: ['a b=x']",
    "matchers: ['a=\"b']",
    'matchers: a=b',
    'match: { a: b }',
    'match: { "a b": b }',
    'match: { a: 1 }',
    'match_re: { a: "b|c" }',
    "match_re: { a: '(' }",
    "match_re: { '1a': b }",
    'receiver: none',
    'receiver: r, routes: [{ receiver: none }]',
    'group_by: [a, a]',
    'group_interval: 0s',
    'active_time_intervals: [none]',
  ].map(child),
  ...[
    'source_matchers: [a=b], target_matchers: [c=d], equal: [e]',
    'source_match: { a: b }, target_match_re: { c: d.* }',
    "source_match_re: { a: '(' }",
    "source_matchers: ['a=~(']",
    'equal: e',
    "equal: ['a b']",
    "equal: ['1']",
    "equal: ['']",
    'unknown: x',
    'name: x, sources: [{ matchers: [a=b], equal: [c] }], target_matchers: [d=e]',
    'sources: x',
    '',
  ].map(inhibit),
  ...[
    "url: 'http://x/'",
    "url: 'ftp://x/'",
    'url: x',
    "url: ''",
    'url_file: f',
    "url: 'http://x/', url_file: f",
    'max_alerts: 5',
    "url: 'http://x/', max_alerts: -1",
    "url: 'http://x/', max_alerts: x",
    "url: 'http://x/', timeout: 5s",
    "url: 'http://x/', timeout: x",
    "url: 'http://x/', send_resolved: false",
    "url: 'http://x/', send_resolved: x",
    "url: 'http://x/', unknown: x",
    "url: 'http://[x/'",
    "url: 'http://x/', payload: { a: b }",
  ].map(webhook),
  ...[
    'basic_auth: { username: a, password: b }',
    'basic_auth: { username: a, password: b, password_file: c }',
    'bearer_token: a',
    'bearer_token: a, bearer_token_file: b',
    'bearer_token: a, basic_auth: { username: b }',
    'authorization: { credentials: a }',
    'authorization: { type: Basic, credentials: a }',
    'authorization: { credentials: a, credentials_file: b }',
    'authorization: { credentials: a }, bearer_token: b',
    'follow_redirects: false',
    'tls_config: { insecure_skip_verify: true }',
    'tls_config: { min_version: TLS12 }',
    'tls_config: { min_version: TLS99 }',
    'tls_config: { ca: a, ca_file: b }',
    'tls_config: { cert_file: a }',
    'tls_config: { unknown: a }',
    'http_headers: { X-A: { values: [a] } }',
    'http_headers: { Content-Type: { values: [a] } }',
    'unknown: x',
  ].map(http),
  ...[
    'resolve_timeout: 5m',
    'resolve_timeout: 0s',
    'resolve_timeout: x',
    "slack_api_url: 'http://x/'",
    "slack_api_url: 'x'",
    "slack_api_url: 'http://x/', slack_api_url_file: f",
    "pagerduty_url: 'http://x/'",
    "pagerduty_url: 'x y'",
    "smtp_smarthost: 'h:25', smtp_from: 'a@b'",
    'smtp_smarthost: h',
    "smtp_smarthost: ':25'",
    "smtp_smarthost: 'h:x'",
    'smtp_require_tls: x',
    'smtp_auth_password: a, smtp_auth_password_file: b',
    'http_config: { follow_redirects: false }',
    'unknown: x',
  ].map(global),
  ...[
    "slack_configs: [{ api_url: 'http://x/', channel: c }]",
    'slack_configs: [{ channel: c }]',
    "slack_configs: [{ api_url: 'http://x/', api_url_file: f, channel: c }]",
    "slack_configs: [{ api_url: 'http://x/', actions: [{ type: button, text: t, url: u }] }]",
    "slack_configs: [{ api_url: 'http://x/', actions: [{ text: t }] }]",
    "slack_configs: [{ api_url: 'http://x/', fields: [{ title: t }] }]",
    "slack_configs: [{ api_url: 'http://x/', fields: [{ title: t, value: v }] }]",
    'pagerduty_configs: [{ routing_key: k }]',
    'pagerduty_configs: [{}]',
    'pagerduty_configs: [{ routing_key: k, routing_key_file: f }]',
    'pagerduty_configs: [{ routing_key: k, images: [{}] }]',
    'pagerduty_configs: [{ routing_key: k, details: { a: b } }]',
    "email_configs: [{ to: 'a@b', from: 'c@d', smarthost: 'h:25' }]",
    "email_configs: [{ to: 'a@b' }]",
    "email_configs: [{ from: 'c@d', smarthost: 'h:25' }]",
    "email_configs: [{ to: 'a@b', from: 'c@d', smarthost: 'h:25', headers: { Subject: a, subject: b } }]",
    "email_configs: [{ to: 'a@b', from: 'c@d', smarthost: 'h:25', require_tls: false }]",
    'unknown_configs: [{}]',
    'webhook_configs: x',
    'webhook_configs: []',
    'webhook_configs: [null]',
  ].map(receiver),
];

/** Why ours refuses a file; undefined where it takes it. */
function refusal(text: string): string | undefined {
  try {
    loadAlertmanagerConfig(join(folder, 'am.yml'), text);
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

/** amtool is started for a few at a time. */
const verdicts = new Map<string, Promise<boolean>>();
function isTaken(text: string, at: number): Promise<boolean> {
  const known = verdicts.get(text);
  if (known) return known;
  const file = `${at}.yml`;
  writeFileSync(join(folder, file), text);
  const verdict = runPeer('amtool', ['check-config', file], folder).then(({ code }) => code === 0);
  verdicts.set(text, verdict);
  return verdict;
}

it.each(
  FILES.map(
    (text, at) => [text.replaceAll(RECEIVERS, '…').replaceAll('\n', ' ') || 'nothing', text, at] as const,
  ),
)('%s', async (_name, text, at) => {
  const why = refusal(text);
  expect({ taken: why === undefined, why }).toEqual({ taken: await isTaken(text, at), why });
});
