import type { Path } from '../../config/index.ts';
import { type HttpClientConfig, httpClientConfig, type Secret } from '../../http-client/index.ts';
import type { SlackAction, SlackConfig } from './config.ts';
import { checkTemplates, checkUrl, type ReadContext, secretOf } from './read-context.ts';
import type { SlackDocument } from './schema.ts';

/** The one address whose messages can be edited later. */
const POST_MESSAGE = 'https://slack.com/api/chat.postMessage';
const NOWHERE: Secret = { kind: 'inline', text: '' };

export function readSlack(
  document: SlackDocument,
  name: string,
  path: Path,
  context: ReadContext,
): SlackConfig {
  const { report, templates } = context;
  const { app_url: _, ...texts } = document;
  checkTemplates(context, { ...texts, api_url: undefined, http_config: undefined }, path);
  checkUrl(context, document.api_url, [...path, 'api_url']);
  checkUrl(context, document.app_url, [...path, 'app_url']);
  if (document.update_message && document.api_url !== POST_MESSAGE)
    report(
      [...path, 'update_message'],
      'bad-value',
      `update_message can only be used with bot tokens: api_url must be ${POST_MESSAGE}`,
    );
  const { address, http } = targetOf(document, path, context);
  return {
    kind: 'slack',
    name,
    templates,
    address,
    http,
    sendResolved: document.send_resolved,
    timeout: document.timeout,
    updatesMessage: document.update_message,
    channel: document.channel,
    username: document.username,
    iconEmoji: document.icon_emoji,
    iconUrl: document.icon_url,
    messageText: document.message_text,
    linkNames: document.link_names,
    title: document.title,
    titleLink: document.title_link,
    pretext: document.pretext,
    text: document.text,
    fallback: document.fallback,
    callbackId: document.callback_id,
    imageUrl: document.image_url,
    thumbUrl: document.thumb_url,
    footer: document.footer,
    color: document.color,
    markdownIn: document.mrkdwn_in,
    fields: document.fields.map(({ title, value, short }) => ({
      title,
      value,
      short: short ?? document.short_fields,
    })),
    actions: document.actions.map(actionOf),
  };
}

/** A link has none of what a button has. */
function actionOf({ confirm, ...action }: SlackDocument['actions'][number]): SlackAction {
  if (action.url !== '') return { ...action, name: '', value: '' };
  if (!confirm) return action;
  const { text, title, ok_text: okText, dismiss_text: dismissText } = confirm;
  return { ...action, confirm: { text, title, okText, dismissText } };
}

/** A token of an app goes to the app's address; the global ones hold where a receiver says nothing (config.go). */
function targetOf(
  document: SlackDocument,
  path: Path,
  context: ReadContext,
): { address: Secret; http: HttpClientConfig } {
  const { global, folder, report } = context;
  const own = document.http_config;
  const http = httpClientConfig(own ?? global.http_config ?? {}, folder);
  const ownToken = secretOf(context, document.app_token, document.app_token_file);
  const takesGlobal = !own?.authorization && document.api_url === undefined;
  const token =
    ownToken ??
    (takesGlobal ? secretOf(context, global.slack_app_token, global.slack_app_token_file) : undefined);
  if (token) {
    if ((own ?? global.http_config)?.authorization)
      report([...path, 'http_config'], 'bad-value', 'http authorization cannot be set beside an app token');
    const appUrl = document.app_url ?? global.slack_app_url;
    return {
      address: { kind: 'inline', text: appUrl },
      http: { ...http, credentials: { kind: 'other', type: 'Bearer', credentials: token } },
    };
  }
  const address =
    secretOf(context, document.api_url, document.api_url_file) ??
    secretOf(context, global.slack_api_url, global.slack_api_url_file);
  if (!address)
    report(
      path,
      'bad-value',
      'no Slack API URL and no app token, neither here nor under global',
      'give api_url, api_url_file, app_token, app_token_file or one of their global forms',
    );
  return { address: address ?? NOWHERE, http };
}
