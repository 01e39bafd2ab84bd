import { BURN, ODD, type ReceiverCase, resolved, SLOW } from './receiver-case.ts';

const pagerduty = (rest = '') =>
  `pagerduty_configs: [{ url: '$URL/v2/enqueue', routing_key: '0123456789abcdef'${rest} }]`;

export const PAGERDUTY_CASES: readonly ReceiverCase[] = [
  { name: 'pagerduty', receiver: pagerduty(), alerts: [BURN], later: [resolved(BURN)], count: 2 },
  {
    name: 'pagerduty-several',
    receiver: pagerduty(),
    alerts: [BURN, SLOW],
    later: [resolved(SLOW)],
    count: 2,
  },
  {
    name: 'pagerduty-without-resolves',
    receiver: pagerduty(', send_resolved: false'),
    alerts: [BURN],
    later: [resolved(BURN)],
    count: 1,
  },
  { name: 'pagerduty-odd-names', receiver: pagerduty(), alerts: [ODD, BURN], count: 1 },
  {
    name: 'pagerduty-every-field',
    receiver: `pagerduty_configs: [{ url: '$URL/v2/enqueue', routing_key: 'key-{{ .CommonLabels.service }}',
      client: 'c {{ .Receiver }}', client_url: 'http://u/{{ .Status }}', description: 'd {{ .CommonAnnotations.summary }}',
      source: 's {{ .CommonLabels.service }}', class: 'k {{ .Status }}', component: 'o {{ .Status }}',
      group: 'g {{ .GroupLabels.case }}', severity: '{{ if eq .CommonLabels.severity "page" }}critical{{ else }}info{{ end }}' }]`,
    alerts: [BURN],
    count: 1,
  },
  {
    name: 'pagerduty-source-of-client',
    receiver: pagerduty(", client: 'me {{ .Status }}'"),
    alerts: [BURN],
    count: 1,
  },
  {
    name: 'pagerduty-details',
    receiver:
      pagerduty(`, details: { firing: none, plain: 'x {{ .Status }}', number: '{{ len .Alerts }}', fixed: 3,
      json: '{{ .CommonLabels | toJson }}', deep: { list: ['{{ .Receiver }}', 1, { a: '{{ "yes" }}' }] } }`),
    alerts: [BURN],
    count: 1,
  },
  {
    name: 'pagerduty-images-and-links',
    receiver: pagerduty(`, images: [
        { src: 'http://i/{{ .Status }}', alt: 'a {{ .Status }}', href: 'http://h/{{ .Status }}' },
        { src: '{{ .CommonLabels.none }}', alt: dropped }, { src: 'http://only' } ],
      links: [ { href: '{{ .CommonAnnotations.runbook }}', text: 'Runbook {{ .Status }}' },
        { href: '', text: dropped }, { href: 'http://only' } ]`),
    alerts: [BURN],
    count: 1,
  },
  {
    name: 'pagerduty-long-summary',
    receiver: pagerduty(", description: '{{ .CommonAnnotations.summary }}'"),
    alerts: [{ labels: { alertname: 'A' }, annotations: { summary: 'ü🔥'.repeat(1000) } }],
    count: 1,
  },
  {
    name: 'pagerduty-too-large',
    receiver: pagerduty(),
    alerts: Array.from({ length: 6 }, (_, i) => ({
      labels: { alertname: 'A', i: `${i}` },
      annotations: { text: 'x'.repeat(100_000) },
    })),
    count: 1,
  },
  {
    name: 'pagerduty-failing-template',
    receiver: pagerduty(", class: '{{ .Nope }}'"),
    alerts: [BURN],
    count: 0,
  },
  {
    name: 'pagerduty-empty-key',
    receiver: "pagerduty_configs: [{ url: '$URL/v2/enqueue', routing_key: '{{ .CommonLabels.none }}' }]",
    alerts: [BURN],
    count: 0,
  },
  {
    name: 'pagerduty-429',
    receiver: pagerduty(),
    alerts: [BURN],
    answers: [{ status: 429, headers: { 'retry-after': '30' } }, { status: 202 }],
    count: 2,
  },
  {
    name: 'pagerduty-500',
    receiver: pagerduty(),
    alerts: [BURN],
    answers: [{ status: 500 }, { status: 202 }],
    count: 2,
  },
  {
    name: 'pagerduty-400',
    receiver: pagerduty(),
    alerts: [BURN],
    answers: [
      {
        status: 400,
        body: '{"status":"invalid event","message":"Event object is invalid","errors":["a","b"]}',
      },
      { status: 202 },
    ],
    count: 2,
  },
  {
    name: 'pagerduty-403',
    receiver: pagerduty(', http_config: { authorization: { credentials: t } }'),
    alerts: [BURN],
    answers: [{ status: 403 }, { status: 202 }],
    count: 2,
  },
];
