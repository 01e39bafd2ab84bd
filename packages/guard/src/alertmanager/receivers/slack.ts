import { goQuote } from '../../core/index.ts';
import { isSuccess, type Redact, readSecret } from '../../http-client/index.ts';
import { goJson } from '../go-text.ts';
import type { Notifier, NotifyResult } from '../notifier.ts';
import { createPayload } from '../payload.ts';
import type { SlackAction, SlackConfig } from './config.ts';
import type { NotifierContext } from './create-notifier.ts';
import { type Answer, createHttpSender, quote, reasonOf, refusal } from './http-sender.ts';
import { createSafeText, type SafeText } from './safe-text.ts';
import { truncateRunes } from './truncate.ts';

/** Slack's documentation of attachments gives 1024 without a unit; Alertmanager counts characters. */
const MAX_TITLE = 1024;
const MARKDOWN_IN = ['fallback', 'pretext', 'text'];

/** Where a message is edited that POST_MESSAGE has posted. */
const UPDATE_MESSAGE = 'https://slack.com/api/chat.update';

/**
 * Posts an attachment to a Slack webhook or bot API, as Alertmanager's notify/slack does. A field whose template fails
 * is cut where it failed and those behind it are empty: the page goes out all the same, and the log says so.
 */
export function createSlackNotifier(config: SlackConfig, context: NotifierContext): Notifier {
  const { clock, logger } = context;
  const sender = createHttpSender(
    { kind: 'slack', http: config.http, timeout: config.timeout, readsSuccess: true },
    context,
  );
  return {
    async notify(notification, signal, memory) {
      const payload = createPayload(notification, 0);
      const text = createSafeText(config.templates.begin(payload, clock.now()));
      const { groupKey } = payload;
      const attachment = attachmentOf(config, text, () =>
        logger.warn({ groupKey, max: MAX_TITLE }, 'the title for Slack was cut'),
      );
      const message = messageOf(config, text, attachment);
      if (text.failure !== undefined)
        logger.warn(
          { groupKey, reason: text.failure },
          'a template for Slack failed: its text is incomplete',
        );
      const { ts, channel } = memory;
      const isUpdate = config.updatesMessage && Boolean(ts && channel);
      let url: string;
      try {
        url = isUpdate ? UPDATE_MESSAGE : await readSecret(config.address, 'api_url_file');
      } catch (error) {
        return { outcome: 'failed', reason: reasonOf(error) };
      }
      const { channel: _, ...rest } = message;
      const told = isUpdate ? { channel, ts, ...rest } : message;
      const body = goJson(told);
      const named = `channel ${goQuote(told.channel ?? '')}: `;
      return sender.post({
        url,
        body,
        signal,
        judge: (answer, clean) => judge(answer, clean, named, config.updatesMessage),
      });
    },
  };
}

/** Go's omitempty. */
const unlessEmpty = (texts: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== ''));

/** In the order in which Alertmanager expands them, which decides what is empty when one fails. */
function attachmentOf(config: SlackConfig, { text }: SafeText, onCut: () => void) {
  const full = text(config.title);
  const title = truncateRunes(full, MAX_TITLE);
  if (title !== full) onCut();
  const texts = {
    titleLink: text(config.titleLink),
    pretext: text(config.pretext),
    text: text(config.text),
    fallback: text(config.fallback),
    callbackId: text(config.callbackId),
    imageUrl: text(config.imageUrl),
    thumbUrl: text(config.thumbUrl),
    footer: text(config.footer),
    color: text(config.color),
  };
  const fields = config.fields.map(field => ({
    ...unlessEmpty({ title: text(field.title), value: text(field.value) }),
    short: field.short,
  }));
  const actions = config.actions.map(action => actionOf(action, text));
  return {
    ...unlessEmpty({ title, title_link: texts.titleLink, pretext: texts.pretext }),
    text: texts.text,
    fallback: texts.fallback,
    callback_id: texts.callbackId,
    ...(fields.length > 0 && { fields }),
    ...(actions.length > 0 && { actions }),
    ...unlessEmpty({ image_url: texts.imageUrl, thumb_url: texts.thumbUrl }),
    footer: texts.footer,
    ...unlessEmpty({ color: texts.color }),
    mrkdwn_in: config.markdownIn.length > 0 ? config.markdownIn : MARKDOWN_IN,
  };
}

function actionOf(action: SlackAction, text: SafeText['text']) {
  const { confirm } = action;
  return {
    ...unlessEmpty({
      type: text(action.type),
      text: text(action.text),
      url: text(action.url),
      style: text(action.style),
      name: text(action.name),
      value: text(action.value),
    }),
    ...(confirm && { confirm: confirmOf(confirm, text) }),
  };
}

function confirmOf(confirm: NonNullable<SlackAction['confirm']>, text: SafeText['text']) {
  const title = text(confirm.title);
  return unlessEmpty({
    text: text(confirm.text),
    title,
    ok_text: text(confirm.okText),
    dismiss_text: text(confirm.dismissText),
  });
}

interface SlackMessage {
  readonly channel?: string;
  readonly attachments: readonly object[];
}

function messageOf(config: SlackConfig, { text }: SafeText, attachment: object): SlackMessage {
  const texts = unlessEmpty({
    channel: text(config.channel),
    username: text(config.username),
    icon_emoji: text(config.iconEmoji),
    icon_url: text(config.iconUrl),
  });
  return {
    ...texts,
    ...(config.linkNames && { link_names: true }),
    ...unlessEmpty({ text: text(config.messageText) }),
    attachments: [attachment],
  };
}

/** Slack refuses with 200 too: in JSON, or in a text that is not `ok`. */
function judge(answer: Answer, clean: Redact, named: string, remembers: boolean): NotifyResult {
  if (!isSuccess(answer)) {
    const result = refusal(answer, clean(answer.text));
    return { ...result, reason: named + result.reason };
  }
  const refuse = (outcome: 'retry' | 'failed', reason: string): NotifyResult => ({
    outcome,
    reason: named + reason,
    category: 'clientError',
  });
  if (!answer.isWhole) return refuse('retry', 'could not read the response body to its end');
  const quoted = quote(clean(answer.text));
  if (!answer.contentType.startsWith('application/json'))
    return answer.text === 'ok'
      ? { outcome: 'delivered', reason: `status ${answer.status}` }
      : refuse('failed', `received an error response from Slack: ${quoted}`);
  const response = readResponse(answer.text);
  if (!response) return refuse('retry', `could not unmarshal JSON response ${goQuote(quoted)}`);
  if (!response.ok) return refuse('failed', `error response from Slack: ${quote(clean(response.error))}`);
  const { ts, channel } = response;
  const remember = remembers && ts !== '' && channel !== '' ? { ts, channel } : undefined;
  return { outcome: 'delivered', reason: `status ${answer.status}`, ...(remember && { remember }) };
}

const NO_RESPONSE = { ok: false, error: '', channel: '', ts: '' };

/** As Go's encoding/json reads it: names in any case, null for what is left out, and no value of another type. */
function readResponse(text: string): typeof NO_RESPONSE | undefined {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (data === null) return NO_RESPONSE;
  if (typeof data !== 'object' || Array.isArray(data)) return undefined;
  const response: Record<string, unknown> = { ...NO_RESPONSE };
  for (const [given, value] of Object.entries(data)) {
    const name = given.toLowerCase();
    if (!Object.hasOwn(NO_RESPONSE, name) || value === null) continue;
    if (typeof value !== typeof response[name]) return undefined;
    response[name] = value;
  }
  return response as typeof NO_RESPONSE;
}
