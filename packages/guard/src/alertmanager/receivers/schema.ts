import { z } from 'zod';
import { booleanField, durationField, integerField, textField } from '../../config/index.ts';
import { checkHttpClient, httpClientFields } from '../../http-client/index.ts';

/** YAML reads a bare `0` as a number. */
export const duration = z.preprocess(
  value => (typeof value === 'number' ? String(value) : value),
  durationField,
);
export const httpSchema = z.strictObject(httpClientFields).superRefine(checkHttpClient);

/** A text that is absent when nothing stands behind its key. */
const text = textField.nullish().transform(value => value ?? undefined);
const textOr = (fallback: string) => text.transform(value => value ?? fallback);
const flag = booleanField.nullish().transform(value => value ?? undefined);
const flagOr = (fallback: boolean) => flag.transform(value => value ?? fallback);
const required = textField.pipe(z.string().min(1, 'must not be empty'));
const tls = httpClientFields.tls_config.superRefine((fields, context) =>
  checkHttpClient({ tls_config: fields }, context),
);

type Fields = Readonly<Record<string, unknown>>;

/** At most one of two options that say the same thing. */
const atMostOne =
  (one: string, other: string) =>
  (fields: Fields, context: z.RefinementCtx): void => {
    if (!fields[one] || !fields[other]) return;
    const message = `at most one of ${one} and ${other} may be given`;
    context.addIssue({ code: 'custom', path: [other], message, input: fields });
  };

const http = { http_config: httpSchema.optional(), timeout: duration.default(0) };

export const webhookSchema = z
  .strictObject({
    ...http,
    send_resolved: flagOr(true),
    url: textOr(''),
    url_file: textOr(''),
    max_alerts: integerField.pipe(z.int().nonnegative()).default(0),
    payload: z.unknown().optional(),
  })
  .refine(({ url, url_file }) => url !== '' || url_file !== '', 'one of url and url_file must be given')
  .refine(
    ({ url, url_file }) => url === '' || url_file === '',
    'at most one of url and url_file may be given',
  );

const slackConfirmSchema = z.strictObject({
  text: required,
  title: textOr(''),
  ok_text: textOr(''),
  dismiss_text: textOr(''),
});

const slackActionSchema = z
  .strictObject({
    type: required,
    text: required,
    url: textOr(''),
    style: textOr(''),
    name: textOr(''),
    value: textOr(''),
    confirm: slackConfirmSchema.optional(),
  })
  .refine(({ url, name }) => url !== '' || name !== '', 'one of name and url must be given');

const slackTemplate = (name: string) => textOr(`{{ template "slack.default.${name}" . }}`);

export const slackSchema = z
  .strictObject({
    ...http,
    send_resolved: flagOr(false),
    api_url: text,
    api_url_file: text,
    app_token: text,
    app_token_file: text,
    app_url: text,
    channel: textOr(''),
    username: slackTemplate('username'),
    color: slackTemplate('color'),
    title: slackTemplate('title'),
    title_link: slackTemplate('titlelink'),
    pretext: slackTemplate('pretext'),
    text: slackTemplate('text'),
    message_text: textOr(''),
    fields: z
      .array(z.strictObject({ title: required, value: required, short: booleanField.optional() }))
      .default([]),
    short_fields: flagOr(false),
    footer: slackTemplate('footer'),
    fallback: slackTemplate('fallback'),
    callback_id: slackTemplate('callbackid'),
    icon_emoji: slackTemplate('iconemoji'),
    icon_url: slackTemplate('iconurl'),
    image_url: textOr(''),
    thumb_url: textOr(''),
    link_names: flagOr(false),
    mrkdwn_in: z.array(textField).default([]),
    actions: z.array(slackActionSchema).default([]),
    update_message: flagOr(false),
  })
  .superRefine(atMostOne('api_url', 'api_url_file'))
  .superRefine(atMostOne('app_token', 'app_token_file'))
  .refine(
    fields => !((fields.api_url ?? fields.api_url_file) && (fields.app_token ?? fields.app_token_file)),
    'at most one of api_url/api_url_file and app_token/app_token_file may be given',
  );

export const pagerdutySchema = z
  .strictObject({
    ...http,
    send_resolved: flagOr(true),
    routing_key: text,
    routing_key_file: text,
    url: text,
    client: textOr('{{ template "pagerduty.default.client" . }}'),
    client_url: textOr('{{ template "pagerduty.default.clientURL" . }}'),
    description: textOr('{{ template "pagerduty.default.description" .}}'),
    details: z.record(z.string(), z.unknown()).nullish(),
    images: z.array(z.strictObject({ src: textOr(''), alt: textOr(''), href: textOr('') })).default([]),
    links: z.array(z.strictObject({ href: textOr(''), text: textOr('') })).default([]),
    source: text,
    severity: text,
    class: textOr(''),
    component: textOr(''),
    group: textOr(''),
  })
  .superRefine(atMostOne('routing_key', 'routing_key_file'))
  .refine(
    ({ routing_key, routing_key_file }) => Boolean(routing_key || routing_key_file),
    'one of routing_key and routing_key_file must be given',
  );

export const emailSchema = z
  .strictObject({
    send_resolved: flagOr(false),
    to: required,
    from: text,
    hello: text,
    smarthost: text,
    auth_username: text,
    auth_password: text,
    auth_password_file: text,
    auth_secret: text,
    auth_secret_file: text,
    auth_identity: text,
    headers: z.record(z.string(), textField).default({}),
    html: textOr('{{ template "email.default.html" . }}'),
    text: textOr(''),
    require_tls: flag,
    tls_config: tls.optional(),
    force_implicit_tls: flag,
    threading: z
      .strictObject({ enabled: flagOr(false), thread_by_date: textOr('') })
      .refine(
        ({ enabled, thread_by_date }) => !enabled || /^(?:none|daily)$/.test(thread_by_date),
        "thread_by_date must be 'none' or 'daily'",
      )
      .optional(),
  })
  .superRefine(atMostOne('auth_password', 'auth_password_file'))
  .superRefine(atMostOne('auth_secret', 'auth_secret_file'));

/** What a message about it may not show: the address may hold a secret. */
const isAddress = (url: string | undefined) =>
  url === undefined || /^https?:$/.test(URL.parse(url)?.protocol ?? '');
const NO_ADDRESS = 'not an http or https address';

/** As Go splits it; whether the port is one is looked at where mail is sent there. */
const HOST_AND_PORT = /^(?:\[[^\]]*\]|[^:]*):[^:]*$/;

export const globalSchema = z
  .strictObject({
    resolve_timeout: duration.default(300_000),
    http_config: httpSchema.optional(),
    slack_api_url: text.refine(isAddress, NO_ADDRESS),
    slack_api_url_file: text,
    slack_app_token: text,
    slack_app_token_file: text,
    slack_app_url: textOr('https://slack.com/api/chat.postMessage').refine(isAddress, NO_ADDRESS),
    pagerduty_url: textOr('https://events.pagerduty.com/v2/enqueue').refine(isAddress, NO_ADDRESS),
    smtp_from: text,
    smtp_hello: textOr('localhost'),
    smtp_smarthost: text.refine(host => !host || HOST_AND_PORT.test(host), "not a mail server's host:port"),
    smtp_auth_username: text,
    smtp_auth_password: text,
    smtp_auth_password_file: text,
    smtp_auth_secret: text,
    smtp_auth_secret_file: text,
    smtp_auth_identity: text,
    smtp_require_tls: flagOr(true),
    smtp_tls_config: tls.optional(),
    smtp_force_implicit_tls: flag,
  })
  .superRefine(atMostOne('slack_api_url', 'slack_api_url_file'))
  .superRefine(atMostOne('slack_app_token', 'slack_app_token_file'))
  .superRefine(atMostOne('smtp_auth_password', 'smtp_auth_password_file'))
  .superRefine(atMostOne('smtp_auth_secret', 'smtp_auth_secret_file'))
  .refine(
    fields =>
      !(fields.slack_app_token ?? fields.slack_app_token_file) ||
      !(fields.slack_api_url ?? fields.slack_api_url_file) ||
      fields.slack_api_url === fields.slack_app_url,
    'at most one of slack_app_token/slack_app_token_file and slack_api_url/slack_api_url_file may be given',
  );

export type GlobalDocument = z.output<typeof globalSchema>;
export type WebhookDocument = z.output<typeof webhookSchema>;
export type SlackDocument = z.output<typeof slackSchema>;
export type PagerdutyDocument = z.output<typeof pagerdutySchema>;
export type EmailDocument = z.output<typeof emailSchema>;
