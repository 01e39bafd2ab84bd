import { describe, expect, it } from 'vitest';
import { UserError } from '../core/index.ts';
import { loadAlertmanagerConfig } from './load-config.ts';
import { formatMatchers } from './matchers.ts';

const load = (text: string) => loadAlertmanagerConfig('am.yml', text);

/** `line:column code message` of each problem. */
function problemsOf(text: string): string[] {
  try {
    load(text);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.problems.map(
      ({ position, code, message }) => `${position?.line}:${position?.column} ${code} ${message}`,
    );
  }
  return [];
}

const INTERVAL = (name: string) => `time_intervals: [{ name: '${name}' }]`;
const WITH_RECEIVER = (rest: string) => `receivers: [{ name: r }]\n${rest}`;

describe('a configuration', () => {
  it('is shown without the secrets of its clients', () => {
    const { shown } = load(`
global: { http_config: { basic_auth: { username: me, password: s3cret } } }
route: { receiver: r }
receivers:
  - name: r
    webhook_configs:
      - url: http://x/s3cret
        http_config:
          tls_config: { cert_file: c.pem, key: s3cret }
          http_headers: { X-Key: { secrets: [s3cret, s3cret], values: [plain] } }
`);
    expect(shown).not.toContain('s3cret');
    for (const part of ['username: me', 'key: <secret>', 'cert_file: c.pem', '- <secret>', '- plain'])
      expect(shown).toContain(part);
  });

  it('is shown without the credentials of addresses that are no secrets as a whole', () => {
    const { shown } = load(`
route: { receiver: r, routes: [{ matchers: ['instance="me:kept@host:1"'] }] }
receivers:
  - name: r
    pagerduty_configs: [{ routing_key: s3cret, url: 'http://me:s3cret@pd/', client_url: 'http://me:s3cret@c/x?y' }]
`);
    expect(shown).not.toContain('s3cret');
    for (const part of ['http://<secret>@pd/', 'http://<secret>@c/x?y', 'me:kept@host:1'])
      expect(shown).toContain(part);
    const refused =
      'route: { receiver: r }\nreceivers: [{ name: r, email_configs: [{ to: a@b, smarthost: me:s3cret@h:25 }] }]';
    expect(problemsOf(refused).join()).toContain(`"<secret>@h:25" is not a mail server's host:port`);
    expect(() => load(refused)).not.toThrow('s3cret');
  });

  it('is read with defaults filled in, matchers in the order of keys and secrets out of sight', () => {
    const config = load(`
global: { resolve_timeout: 1m, http_config: { authorization: { credentials: s3cret } } }
route:
  receiver: r
  group_by: ['...']
  routes:
    - matchers: ['z="1", a=~"x|y"', 'foo = bar']
      match: { b: 2 }
      match_re: { c: d.* }
      continue: true
      group_wait: 0
inhibit_rules:
  - { source_match: { severity: page }, target_matchers: ['{severity="ticket"}'], equal: [service] }
receivers:
  - name: r
    webhook_configs:
      - { url: 'http://me:s3cret@localhost/hook', max_alerts: 3, timeout: 5s, send_resolved: false }
templates: []
`);
    expect(config.resolveTimeout).toBe(60_000);
    expect(config.route.groupByAll).toBe(true);
    const [child] = config.route.routes;
    expect(formatMatchers(child!.matchers)).toBe('{a=~"x|y",b="2",c=~"d.*",foo="bar",z="1"}');
    expect(child).toMatchObject({ continue: true, groupWait: 0 });
    expect(formatMatchers(config.inhibitRules[0]!.source)).toBe('{severity="page"}');
    expect(config.receivers[0]!.integrations[0]).toMatchObject({
      kind: 'webhook',
      name: 'webhook[0]',
      address: { kind: 'inline', text: 'http://me:s3cret@localhost/hook' },
      sendResolved: false,
      maxAlerts: 3,
      timeout: 5000,
      http: {
        credentials: { kind: 'other', type: 'Bearer', credentials: { kind: 'inline', text: 's3cret' } },
        tls: { insecureSkipVerify: false },
        followRedirects: true,
        headers: [],
      },
    });
    expect(config.shown).not.toContain('s3cret');
    expect(config.shown).toContain('url: <secret>');
  });

  it.each([
    ['an unknown receiver', 'route: { receiver: x }', '2:20 unknown-receiver there is no receiver named "x"'],
    ['no default receiver', 'route: { group_wait: 1s }', '2:8 no-default-receiver'],
    ['matchers at the root', 'route: { receiver: r, matchers: [a="b"] }', '2:8 root-route-matchers'],
    ['continue at the root', 'route: { receiver: r, continue: true }', '2:33 root-route-continue'],
    [
      'an address under global that is none',
      'global: { slack_api_url: hunter2 }\nroute: { receiver: r }',
      '2:26 bad-value not an http or https address',
    ],
    [
      'a mail server without a port',
      'global: { smtp_smarthost: h }\nroute: { receiver: r }',
      "2:27 bad-value not a mail server's host:port",
    ],
    ['no route', 'inhibit_rules: []', '1:1 missing-field field "route" is missing'],
    [
      'an unknown field',
      'route: { receiver: r, group_bye: [a] }',
      '2:23 unknown-field unknown field "group_bye"',
    ],
    [
      'a group interval of zero',
      'route: { receiver: r, group_interval: 0s }',
      '2:39 bad-value must be more than zero',
    ],
    [
      'a repeat interval of zero',
      'route: { receiver: r, repeat_interval: 0 }',
      '2:40 bad-value must be more than zero',
    ],
    ['a bad duration', 'route: { receiver: r, group_wait: soon }', '2:35 bad-value "soon" is not a duration'],
    ['the wildcard beside labels', "route: { receiver: r, group_by: ['...', a] }", '2:33 bad-group-by'],
    ['a label twice', 'route: { receiver: r, group_by: [a, a] }', '2:33 bad-group-by label "a" stands twice'],
    [
      'a bad matcher',
      'route: { receiver: r, routes: [{ matchers: [a] }] }',
      '2:45 bad-matcher "a" is not a matcher: column 2: expected operator, found the end',
    ],
    [
      'a bad regular expression',
      'route: { receiver: r, routes: [{ match_re: { a: "(" } }] }',
      '2:49 bad-regexp',
    ],
    [
      'the global settings of another receiver',
      'global: { jira_api_url: x }\nroute: { receiver: r }',
      '2:11 unsupported-field',
    ],
    [
      'a route label that is no template',
      "route: { receiver: r, labels: { a: '{{ .x' } }",
      '2:36 bad-template',
    ],
    [
      'a time interval without a name',
      `route: { receiver: r }\n${INTERVAL('')}`,
      '3:26 bad-value missing name',
    ],
    [
      'two time intervals of a name',
      'route: { receiver: r }\ntime_intervals: [{ name: n }, { name: n }]',
      '3:39 duplicate-time-interval time interval "n" is not unique',
    ],
    [
      'an unknown time interval',
      'route: { receiver: r, routes: [{ mute_time_intervals: [n] }] }',
      '2:56 unknown-time-interval there is no time interval named "n"',
    ],
    [
      'times on the root route',
      'route: { receiver: r, active_time_intervals: [n] }\ntime_intervals: [{ name: n }]',
      '2:46 root-route-times the root route must not have any active_time_intervals',
    ],
    ...(
      [
        ["times: [{ start_time: '9:00', end_time: '10:00' }]", "couldn't parse timestamp 9:00"],
        ["times: [{ start_time: '10:00', end_time: '10:00' }]", 'start time cannot be equal'],
        ["times: [{ start_time: '10:00', end_time: '24:01' }]", "couldn't parse timestamp 24:01"],
        ['weekdays: [funday]', 'funday is not a valid weekday'],
        ["weekdays: ['friday:monday']", 'start day cannot be before end day'],
        ["weekdays: ['monday:tuesday:friday']", "couldn't parse range"],
        ['days_of_month: [0]', '0 is not a valid day of the month'],
        ['days_of_month: [32]', '32 is not a valid day of the month'],
        ["days_of_month: ['-1:3']", 'end day must be negative'],
        ["days_of_month: ['20:-27']", 'end day -27 is always before start day 20'],
        ['months: [brumaire]', 'brumaire is not a valid month'],
        ["months: ['5:march']", 'the end month is before the start month'],
        ["years: ['2027:2026']", 'end year 2026 is before start year 2027'],
        ["years: ['x']", 'x is not a number'],
        ['location: Mars/Olympus', 'Invalid time zone specified: Mars/Olympus'],
        ["location: '+01:00'", 'unknown time zone +01:00'],
      ] as const
    ).map(([field, message]): [string, string, string] => [
      field,
      `route: { receiver: r }\ntime_intervals:\n- name: n\n  time_intervals:\n  - ${field}`,
      `bad-value ${message}`,
    ]),
  ])('is refused for %s, at its place', (_what, rest, expected) => {
    const problems = problemsOf(WITH_RECEIVER(rest));
    expect(problems).toEqual([expect.stringContaining(expected)]);
    expect(problems[0]).toMatch(/^\d+:\d+ /);
  });

  it.each([
    [
      'another kind of receiver',
      '- { name: r, jira_configs: [{}] }',
      '3:16 unsupported-field',
      'jira_configs',
    ],
    [
      "PagerDuty's first API",
      '- { name: r, pagerduty_configs: [{ service_key: k }] }',
      '3:38 unsupported-field',
      'service_key',
    ],
    [
      'a proxy',
      "- { name: r, webhook_configs: [{ url: 'http://x/', http_config: { proxy_url: 'http://p/' } }] }",
      '3:69 unsupported-field',
      'proxy_url',
    ],
    [
      'a password of another kind',
      "- { name: r, webhook_configs: [{ url: 'http://x/', http_config: { basic_auth: { password_ref: f } } }] }",
      '3:83 unsupported-field',
      'password_ref',
    ],
    ['a receiver twice', '- { name: r }\n  - { name: r }', '4:13 duplicate-receiver', '"r"'],
    [
      'a missing address',
      '- { name: r, webhook_configs: [{}] }',
      '3:34 bad-value',
      'one of url and url_file must be given',
    ],
    [
      'two addresses',
      "- { name: r, webhook_configs: [{ url: 'http://x/', url_file: f }] }",
      '3:34 bad-value',
      'at most one of url and url_file may be given',
    ],
    [
      'another protocol',
      "- { name: r, webhook_configs: [{ url: 'ftp://u:pw@x/' }] }",
      '3:41 bad-url',
      'not an http or https address',
    ],
    [
      'two credentials',
      "- { name: r, webhook_configs: [{ url: 'http://x/', http_config: { bearer_token: t, authorization: { credentials: c } } }] }",
      '3:83 bad-value',
      'at most one',
    ],
  ])('is refused for %s, by name', (_what, receiver, place, name) => {
    const problems = problemsOf(`route: { receiver: r }\nreceivers:\n  ${receiver}\n`);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(place);
    expect(problems[0]).toContain(name);
  });

  it('advises a real Alertmanager for what is not supported', () => {
    expect(() => load('route: { receiver: r }\nreceivers: [{ name: r, sns_configs: [{}] }]')).toThrow(
      /am\.yml:2:24: .*"sns_configs".*\n.*\n.*\^\n {2}remedy: point `alerting:`/,
    );
  });
});
