import { BURN, ODD, type ReceiverCase, resolved, SLOW } from './receiver-case.ts';

const slack = (rest = '') =>
  `slack_configs: [{ api_url: '$URL/services/T0/B0/xyz', channel: '#pages'${rest} }]`;
const summarized = (summary: string) => [{ labels: { alertname: 'A' }, annotations: { summary } }];

export const SLACK_CASES: readonly ReceiverCase[] = [
  { name: 'slack', receiver: slack(), alerts: [BURN], later: [resolved(BURN)], count: 1 },
  {
    name: 'slack-resolve',
    receiver: slack(', send_resolved: true'),
    alerts: [BURN, SLOW],
    later: [resolved(BURN), resolved(SLOW)],
    count: 2,
  },
  { name: 'slack-odd-names', receiver: slack(", text: '{{ .CommonLabels }}'"), alerts: [ODD], count: 1 },
  {
    name: 'slack-every-field',
    receiver:
      slack(`, username: 'u {{ .Receiver }}', color: '{{ if eq .Status "firing" }}#f00{{ else }}good{{ end }}',
      title: 't {{ .GroupLabels.case }}', title_link: 'http://t/{{ .Status }}', pretext: 'p {{ len .Alerts }}',
      text: '{{ range .Alerts }}{{ .Labels.alertname }} {{ .Annotations.summary }} {{ .StartsAt.Unix }}{{ end }}',
      message_text: 'm {{ .CommonLabels.severity }}', footer: 'f {{ .ExternalURL }}', fallback: 'b {{ .Status }}',
      callback_id: 'c {{ .Status }}', icon_emoji: ':{{ .Status }}:', icon_url: 'http://i/{{ .Status }}',
      image_url: 'http://j/{{ .Status }}', thumb_url: 'http://k/{{ .Status }}', link_names: true,
      mrkdwn_in: [text, footer]`),
    alerts: [BURN],
    count: 1,
  },
  {
    name: 'slack-fields',
    receiver: slack(`, short_fields: true, fields: [
      { title: 'a {{ .Status }}', value: '{{ .CommonLabels.service }}' }, { title: b, value: c, short: false },
      { title: d, value: '{{ .CommonLabels.none }}', short: true } ]`),
    alerts: [BURN],
    count: 1,
  },
  {
    name: 'slack-actions',
    receiver: slack(`, actions: [
      { type: button, text: 'Runbook {{ .Status }}', url: '{{ .CommonAnnotations.runbook }}', style: danger },
      { type: button, text: Ack, name: 'ack', value: '{{ .GroupLabels.case }}',
        confirm: { text: 'Sure of {{ .Status }}?', title: T, ok_text: Yes, dismiss_text: No } },
      { type: button, text: Plain, name: plain, value: v, confirm: { text: only } } ]`),
    alerts: [BURN],
    count: 1,
  },
  {
    name: 'slack-long-title',
    receiver: slack(", title: '{{ .CommonAnnotations.summary }}', text: '{{ .CommonAnnotations.summary }}'"),
    alerts: summarized('ü🔥'.repeat(1000)),
    count: 1,
  },
  {
    name: 'slack-title-of-1024',
    receiver: slack(", title: '{{ .CommonAnnotations.summary }}'"),
    alerts: summarized('🔥'.repeat(1024)),
    count: 1,
  },
  {
    name: 'slack-failing-template',
    receiver: slack(", title: 'before {{ .Nope }} after', text: later, footer: 'never'"),
    alerts: [BURN],
    count: 1,
  },
  {
    name: 'slack-app',
    receiver:
      "slack_configs: [{ app_token: xoxb-1, app_url: '$URL/api/chat.postMessage', channel: '{{ .CommonLabels.service }}' }]",
    alerts: [BURN],
    answers: [
      {
        status: 200,
        body: '{"ok":true,"ts":"1.2","channel":"C1"}',
        headers: { 'content-type': 'application/json' },
      },
    ],
    count: 1,
  },
  {
    name: 'slack-app-refuses',
    receiver: "slack_configs: [{ app_token: xoxb-1, app_url: '$URL/api/chat.postMessage', channel: c }]",
    alerts: [BURN],
    answers: [
      {
        status: 200,
        body: '{"ok":false,"error":"channel_not_found"}',
        headers: { 'content-type': 'application/json; charset=utf-8' },
      },
      { status: 200, body: '{"ok":true}', headers: { 'content-type': 'application/json' } },
    ],
    count: 2,
  },
  {
    name: 'slack-unreadable-json',
    receiver: slack(),
    alerts: [BURN],
    answers: [
      { status: 200, body: '{"ok":tru', headers: { 'content-type': 'application/json' } },
      { status: 200, body: 'ok' },
    ],
    count: 2,
  },
  {
    name: 'slack-json-of-another-shape',
    receiver: slack(),
    alerts: [BURN],
    answers: [
      { status: 200, body: '[true]', headers: { 'content-type': 'application/json' } },
      { status: 200, body: '{"ok":"yes"}', headers: { 'content-type': 'application/json' } },
      { status: 200, body: 'ok' },
    ],
    count: 3,
  },
  {
    name: 'slack-refuses',
    receiver: slack(),
    alerts: [BURN],
    answers: [
      { status: 200, body: 'no_channel' },
      { status: 200, body: 'ok' },
    ],
    count: 2,
  },
  {
    name: 'slack-500',
    receiver: slack(),
    alerts: [BURN],
    answers: [{ status: 500 }, { status: 200, body: 'ok' }],
    count: 2,
  },
  {
    name: 'slack-429',
    receiver: slack(),
    alerts: [BURN],
    answers: [
      { status: 429, headers: { 'retry-after': '1' } },
      { status: 200, body: 'ok' },
    ],
    count: 2,
  },
  {
    name: 'slack-403',
    receiver: slack(),
    alerts: [BURN],
    answers: [
      { status: 403, body: 'invalid_token' },
      { status: 200, body: 'ok' },
    ],
    count: 2,
  },
];
