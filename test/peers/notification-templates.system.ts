import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { WebhookPayload } from '../../packages/guard/src/alertmanager/index.ts';
import { createNotificationTemplates } from '../../packages/guard/src/alertmanager/templates/notification-templates.ts';
import { runPeer } from './programs.ts';

const alert = (alertname: string, status: 'firing' | 'resolved', extra: Record<string, string> = {}) => ({
  status,
  labels: { alertname, service: 'a b', severity: 'warning', ...extra },
  annotations: { summary: `s <b> & "q" ${alertname}`, runbook: 'http://r/x?y=1&z=ü' },
  startsAt: '2026-01-02T03:04:05.123Z',
  endsAt: status === 'firing' ? '0001-01-01T00:00:00Z' : '2026-01-02T04:04:05Z',
  generatorURL: 'http://p/g?a=b&c=d',
  fingerprint: '0123456789abcdef',
});

const PAYLOAD: WebhookPayload = {
  receiver: 'r\\.x',
  status: 'firing',
  alerts: [alert('A', 'firing'), alert('B', 'firing', { zone: 'ü' }), alert('C', 'resolved')],
  notification_reason: 'first notification',
  groupLabels: { service: 'a b' },
  commonLabels: { service: 'a b', severity: 'warning' },
  commonAnnotations: { runbook: 'http://r/x?y=1&z=ü' },
  routeLabels: { team: 'x' },
  externalURL: 'http://am:9093',
  version: '4',
  groupKey: 'k',
  truncatedAlerts: 0,
};

/** Default templates, with what they are given where that is not all. */
const NAMES = `__subject __description __text_alert_list:.Alerts __text_alert_list_markdown:.Alerts slack.default.title slack.default.username slack.default.fallback slack.default.titlelink slack.default.color slack.default.text pagerduty.default.description pagerduty.default.client pagerduty.default.clientURL pagerduty.default.instances:.Alerts.Firing opsgenie.default.message opsgenie.default.description opsgenie.default.source wechat.default.message victorops.default.state_message victorops.default.entity_display_name victorops.default.monitoring_tool pushover.default.title pushover.default.message pushover.default.url sns.default.subject sns.default.message telegram.default.message discord.default.content discord.default.title discord.default.message webex.default.message msteams.default.summary msteams.default.title msteams.default.text msteamsv2.default.title msteamsv2.default.text jira.default.summary jira.default.description jira.default.priority rocketchat.default.title rocketchat.default.alias rocketchat.default.titlelink mattermost.default.color mattermost.default.username mattermost.default.title mattermost.default.titlelink mattermost.default.fallback mattermost.default.text email.default.subject`;

const EXPRESSIONS: readonly string[] = [
  'title "hELLO wORLD don\'t x-y 1ab ǆa"',
  'toUpper "ßaİ"',
  '"  x\t" | trimSpace',
  'join "," (stringSlice "a" "b")',
  '.CommonLabels.Values | join "/"',
  '.GroupLabels.Names.Join "-"',
  'match "a.*b" "xaxb"',
  'reReplaceAll "(a)(b)?" "[$1]" "abac"',
  '"<b>" | safeHtml',
  '"a%20b+c" | urlUnescape',
  '(index .Alerts 0).StartsAt',
  '(index .Alerts 0).StartsAt | date "2006-01-02 15:04:05.000 MST"',
  '(index .Alerts 0).StartsAt | tz "Europe/Paris" | date "Mon Jan _2 15:04 -0700"',
  'tz "Nope/Nope" (index .Alerts 0).StartsAt',
  'humanizeDuration 90061.5',
  'humanizeDuration "0.012"',
  'toDate "2006-01-02" "2026-02-03"',
  'toDate "2006-01-02" "x"',
  'mustToDate "02 Jan 06 15:04 MST" "03 Feb 26 04:05 UTC"',
  'mustToDate "2006" "x"',
  '(mustToDate "3:04PM" "1:05PM").Hour',
  '(mustToDate "2006-01-02T15:04:05Z07:00" "2026-02-03T04:05:06.5+02:00").UTC',
  '. | toJson',
  '.Alerts.Firing | toJson',
  '.GroupLabels.SortedPairs | toJson',
  'dict "a" 1 "b" (list 1 "x" true) | toJson',
  'list',
  'list 1 2 | toJson',
  'append (list 1) 2 "c"',
  'base64encode "a?b>c"',
  'base64decode "YT9iPmM="',
  'base64decode "!!"',
  'routeLabels "team"',
  'routeLabels "nope"',
  '.RouteLabels.team',
  '.CommonLabels',
  '.CommonLabels.SortedPairs',
  '.Labels',
  '.CommonLabels.nope',
  'len .Alerts',
  '(index .Alerts.Resolved 0).EndsAt.Sub (index .Alerts.Resolved 0).StartsAt',
  '.CommonLabels.Remove (stringSlice "service")',
  '.CommonLabels.Remove .GroupLabels.Names',
  '(dict "a" 1).b',
  'dict "a"',
  'dict 1 2',
  'join "," (list "a")',
  '.Alerts.Firing.Firing',
  'printf "%v %q" .CommonLabels .Status',
  'range .CommonLabels',
  'eq .Status "firing"',
  '.NotificationReason',
  '.Receiver | urlquery',
  '(index .Alerts 1).Fingerprint',
];

/** Abbreviations and offsets of zones in both halves of the year, and long ago, on the machine's tz database. */
const ZONES = `Europe/Paris Europe/Dublin Europe/London Europe/Istanbul Africa/Casablanca America/New_York America/Sao_Paulo America/St_Johns Asia/Kolkata Asia/Kathmandu Asia/Tehran Australia/Lord_Howe Australia/Sydney Pacific/Chatham Pacific/Apia Antarctica/Troll Etc/GMT+5 Etc/UTC America/Argentina/ComodRivadavia Asia/Shanghai`;
const ZONED = ZONES.split(' ').flatMap(zone =>
  ['2026-01-15', '2026-07-15', '1995-07-01', '2045-07-01'].map(
    day => `mustToDate "2006-01-02" "${day}" | tz "${zone}" | date "2006-01-02 15:04:05 -0700 MST"`,
  ),
);

const PAGES: readonly string[] = [
  '<p>{{ .CommonAnnotations.runbook }}</p>',
  '<a href="{{ .CommonAnnotations.runbook }}">x</a>',
  '<a href="http://x/?q={{ (index .Alerts 0).Annotations.summary }}">',
  '<a href=\'{{ "javascript:alert(1)" }}\'>',
  '<a href="{{ "javascript:alert(1)" | safeUrl }}">',
  '<b title={{ "a b=c" }}>',
  '<b title="{{ "<i>x</i> & y" }}">',
  '<b title="{{ "<i>x</i> &amp; y" | safeHtml }}">',
  '{{ "<i>x</i>" | safeHtml }}{{ "<i>" }}',
  '<!-- c {{ .Status }} -->t',
  '<title>{{ "a<b" }} < c</title>',
  'a < b <c>{{ .Status }}',
  '<p style="color: {{ "red" }}">',
  '<p style="color: {{ "expression(x)" }}">',
  '<style>/* c */ p { color: {{ "#fff" }} }</style>',
  '<p {{ "onclick" }}="x">',
  '<p {{ "Lang" }}="x">',
  '{{ "a&b" | html }}',
  '<a href="{{ "a b&c" | urlquery }}">',
  '<a href="/x/{{ "a b/c?d" }}">',
  '{{ if eq .Status "firing" }}<b>{{ else }}<i>{{ end }}{{ .Receiver }}+',
  '<img src="{{ "http://x/ü y" }}">',
  '<a data-url="{{ "x:y" }}">',
  '<!DOCTYPE html><html>{{ "x" }}',
  '{{ (dict).nope }}|{{ .CommonLabels.nope }}',
  '<textarea>{{ "</textarea>" }}</textarea>{{ "<" }}',
  '{{ .CommonLabels }} {{ 5 }} {{ true }} {{ .Alerts.Firing | len }}',
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'slo-guard-templates-'));
  writeFileSync(join(folder, 'data.json'), JSON.stringify(PAYLOAD));
  writeFileSync(join(folder, 'none.tmpl'), '');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FAILED = 'it fails';

async function theirs(type: string, text: string): Promise<string> {
  const flags = ['glob=none.tmpl', 'data=data.json', `type=${type}`, `text=${text}`];
  const args = ['template', 'render', ...flags.map(flag => `--template.${flag}`)];
  const { code, stdout } = await runPeer('amtool', args, folder);
  return code === 0 ? stdout : FAILED;
}

const expansion = createNotificationTemplates([]).begin(PAYLOAD, Date.UTC(2026, 0, 3));

function ours(type: string, text: string): string {
  try {
    return type === 'html' ? expansion.html(text, 'text') : expansion.text(text, 'text');
  } catch {
    return FAILED;
  }
}

it.concurrent.each([
  ...NAMES.split(' ').map(entry => {
    const [name, data = '.'] = entry.split(':');
    return ['text', `{{ template "${name}" ${data} }}`] as const;
  }),
  ...[...EXPRESSIONS, ...ZONED].map(expression => ['text', `{{ ${expression} }}`] as const),
  ...PAGES.map(page => ['html', page] as const),
])('%s %s comes out as amtool renders it', async (type, text) => {
  expect(ours(type, text)).toBe(await theirs(type, text));
});
