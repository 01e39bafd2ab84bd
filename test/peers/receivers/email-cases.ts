import { BURN, ODD, type ReceiverCase, resolved, SLOW } from './receiver-case.ts';

/** The case's name is the first recipient's, by which the fake knows whose mail it is. */
const email = (name: string, rest = '', to = `${name}@a.example`) =>
  `email_configs: [{ smarthost: '$SMTP', require_tls: false, from: 'am@a.example', to: '${to}'${rest} }]`;
const TEXTS = `, text: 'T {{ .Status }} {{ .CommonAnnotations.summary }}', html: '<p>{{ .CommonAnnotations.summary }}</p>'`;
const secured = (name: string, server: string, rest: string) =>
  `email_configs: [{ smarthost: '${server}', from: 'am@a.example', to: '${name}@a.example', html: '<p>x</p>'${rest} }]`;

export const EMAIL_CASES: readonly ReceiverCase[] = [
  { name: 'mail', receiver: email('mail'), alerts: [BURN], later: [resolved(BURN)], count: 1 },
  {
    name: 'mail-resolve',
    receiver: email('mail-resolve', `, send_resolved: true${TEXTS}`),
    alerts: [BURN, SLOW],
    later: [resolved(BURN), resolved(SLOW)],
    count: 2,
  },
  {
    name: 'mail-default-page',
    receiver: email('mail-default-page', ', send_resolved: true'),
    alerts: [BURN, SLOW, ODD],
    later: [resolved(SLOW)],
    count: 2,
  },
  { name: 'mail-texts', receiver: email('mail-texts', TEXTS), alerts: [BURN], count: 1 },
  {
    name: 'mail-text-alone',
    receiver: email('mail-text-alone', ", html: '', text: 'only {{ .Status }}'"),
    alerts: [BURN],
    count: 1,
  },
  {
    name: 'mail-page-alone',
    receiver: email('mail-page-alone', ", html: '<b>only {{ .Status }}</b>'"),
    alerts: [BURN],
    count: 1,
  },
  { name: 'mail-odd-names', receiver: email('mail-odd-names', TEXTS), alerts: [ODD], count: 1 },
  {
    name: 'mail-headers',
    receiver: email(
      'mail-headers',
      `${TEXTS}, headers: { Subject: 'S {{ .Status }} ü🔥', x-team: 'é {{ .Receiver }}', X-Long: '{{ range .Alerts }}${'long words '.repeat(30)}{{ end }}', Reply-To: 'Ops <ops@a.example>' }`,
    ),
    alerts: [BURN],
    count: 1,
  },
  {
    name: 'mail-to-several',
    receiver: email(
      'mail-to-several',
      TEXTS,
      'First <mail-to-several@a.example>, b@b.example, "Last, Jr" <c+{{ .Status }}@c.example>',
    ),
    alerts: [BURN],
    count: 1,
  },
  {
    name: 'mail-from-a-name',
    receiver: `email_configs: [{ smarthost: '$SMTP', require_tls: false, to: 'mail-from-a-name@a.example',
      from: 'Alerts of {{ .GroupLabels.case }} <am+{{ .Status }}@a.example>', html: '<p>x</p>' }]`,
    alerts: [BURN],
    count: 1,
  },
  {
    name: 'mail-lines',
    receiver: email(
      'mail-lines',
      String.raw`, html: '', text: "first\n.\n..dots\n{{ .CommonAnnotations.summary }}\n trailing \t\n\n\nend="`,
    ),
    alerts: [{ labels: { alertname: 'A' }, annotations: { summary: `${'long '.repeat(200)}ü\r\nß` } }],
    count: 1,
  },
  {
    name: 'mail-thread',
    receiver: email(
      'mail-thread',
      `${TEXTS}, send_resolved: true, threading: { enabled: true, thread_by_date: none }`,
    ),
    alerts: [BURN],
    later: [resolved(BURN)],
    count: 2,
  },
  {
    name: 'mail-thread-of-a-day',
    receiver: email('mail-thread-of-a-day', `${TEXTS}, threading: { enabled: true, thread_by_date: daily }`),
    alerts: [BURN],
    count: 1,
  },
  ...(['PLAIN', 'LOGIN', 'CRAM-MD5'] as const).map((method): ReceiverCase => {
    const name = `mail-${method.toLowerCase()}`;
    const auth = ", require_tls: false, auth_username: me, auth_password: 'p ü', auth_secret: s3cret";
    return { name, receiver: secured(name, `$SMTP_${method.split('-')[0]}`, auth), alerts: [BURN], count: 1 };
  }),
  {
    name: 'mail-wrong-password',
    receiver: secured(
      'mail-wrong-password',
      '$SMTP_LOGIN',
      ', require_tls: false, auth_username: me, auth_password: wrong',
    ),
    alerts: [BURN],
    count: 0,
  },
  {
    name: 'mail-starttls',
    receiver: secured('mail-starttls', '$SMTP_STARTTLS', ', tls_config: { ca: $CA }'),
    alerts: [BURN],
    count: 1,
  },
  {
    name: 'mail-starttls-refused',
    receiver: secured('mail-starttls-refused', '$SMTP', ''),
    alerts: [BURN],
    count: 0,
  },
  {
    name: 'mail-tls',
    receiver: secured('mail-tls', '$SMTP_IMPLICIT', ', force_implicit_tls: true, tls_config: { ca: $CA }'),
    alerts: [BURN],
    count: 1,
  },
  {
    name: 'mail-tls-of-a-stranger',
    receiver: secured('mail-tls-of-a-stranger', '$SMTP_IMPLICIT', ', force_implicit_tls: true'),
    alerts: [BURN],
    count: 0,
  },
  {
    name: 'mail-451',
    receiver: email('mail-451', TEXTS),
    alerts: [BURN],
    answers: [{ status: 451 }, { status: 554 }, { status: 200 }],
    count: 3,
  },
  {
    name: 'mail-failing-template',
    receiver: email('mail-failing-template', ", html: '{{ .Nope }}'"),
    alerts: [BURN],
    count: 3,
    unsent:
      'the real one sends what was written before the template failed, a mail cut short, at each interval',
  },
];
