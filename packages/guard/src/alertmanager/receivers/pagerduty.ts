import { createHash } from 'node:crypto';
import { UserError } from '../../core/index.ts';
import { isSuccess, type Redact, readSecret } from '../../http-client/index.ts';
import type { Notifier, NotifyResult } from '../notifier.ts';
import { createPayload, type WebhookPayload } from '../payload.ts';
import { goMarshal } from '../templates/go-marshal.ts';
import type { Expansion } from '../templates/notification-templates.ts';
import { renderValue } from '../templates/render-value.ts';
import type { PagerdutyConfig } from './config.ts';
import type { NotifierContext } from './create-notifier.ts';
import { type Answer, createHttpSender, reasonOf, refusal } from './http-sender.ts';
import { truncateRunes } from './truncate.ts';

/** PagerDuty's limits (Events API v2, "Send an alert event"): characters of a summary, bytes of an event. */
const MAX_SUMMARY = 1024;
const MAX_EVENT_BYTES = 512_000;
const TOO_LARGE =
  'Custom details have been removed because the original event exceeds the maximum size of 512KB';

/** Rate limiting, beside 5xx. */
const isRetried = (status: number) => status === 429;

/** Triggers or resolves an event of PagerDuty's Events API v2, as Alertmanager's notify/pagerduty does. */
export function createPagerdutyNotifier(config: PagerdutyConfig, context: NotifierContext): Notifier {
  const { clock } = context;
  const sender = createHttpSender({ kind: 'pagerduty', http: config.http, timeout: config.timeout }, context);
  return {
    async notify(notification, signal) {
      const payload = createPayload(notification, 0);
      let body: string;
      let key = '';
      try {
        const expansion = config.templates.begin(payload, clock.now());
        key = expansion.text(await readSecret(config.routingKey, 'routing_key_file'), 'routing_key');
        if (key === '') throw new UserError('empty-key', 'the routing key is empty after templating');
        body = compose(config, payload, expansion, key, context);
      } catch (error) {
        return { outcome: 'failed', reason: reasonOf(error) };
      }
      return sender.post({ url: config.url, body, secrets: [key], signal, judge });
    },
  };
}

function judge(answer: Answer, clean: Redact): NotifyResult {
  if (isSuccess(answer)) return { outcome: 'delivered', reason: `status ${answer.status}` };
  return refusal(answer, answer.status === 400 ? clean(complaints(answer.text)) : '', isRetried);
}

/** What a 400 says is wrong: `Event object is invalid: 'payload.severity' is invalid`. */
function complaints(text: string): string {
  try {
    const { message = '', errors = [] } = JSON.parse(text) as { message?: string; errors?: string[] };
    return `${message}: ${errors.join(',')}`;
  } catch {
    return '';
  }
}

function compose(
  config: PagerdutyConfig,
  payload: WebhookPayload,
  expansion: Expansion,
  key: string,
  { logger }: NotifierContext,
): string {
  const { groupKey, status } = payload;
  const text = (field: keyof PagerdutyConfig & string, source: string) => expansion.text(source, field);
  const details = new Map(
    Object.entries(config.details).map(([name, value]) => [
      name,
      renderValue(value, source => expansion.text(source, `details.${name}`)),
    ]),
  );
  const full = text('description', config.description);
  const summary = truncateRunes(full, MAX_SUMMARY);
  if (summary !== full) logger.warn({ groupKey, max: MAX_SUMMARY }, 'the summary for PagerDuty was cut');
  const images = config.images
    .map(({ src, alt, href }) => ({
      src: text('images', src),
      alt: text('images', alt),
      href: text('images', href),
    }))
    .filter(({ src }) => src !== '');
  const links = config.links
    .map(link => ({ href: text('links', link.href), text: text('links', link.text) }))
    .filter(({ href }) => href !== '');
  const event = (customDetails: ReadonlyMap<string, unknown>) =>
    `${goMarshal({
      routing_key: key,
      dedup_key: createHash('sha256').update(groupKey).digest('hex'),
      event_action: status === 'resolved' ? 'resolve' : 'trigger',
      payload: {
        summary,
        source: text('source', config.source),
        severity: text('severity', config.severity),
        ...unlessEmpty({
          class: text('class', config.class),
          component: text('component', config.component),
          group: text('group', config.group),
        }),
        ...(customDetails.size > 0 && { custom_details: customDetails }),
      },
      ...unlessEmpty({
        client: text('client', config.client),
        client_url: text('clientUrl', config.clientUrl),
      }),
      ...(images.length > 0 && { images }),
      ...(links.length > 0 && { links }),
    })}\n`;
  const body = event(details);
  const bytes = Buffer.byteLength(body);
  if (bytes <= MAX_EVENT_BYTES) return body;
  logger.warn({ groupKey, bytes, max: MAX_EVENT_BYTES }, 'the details for PagerDuty were left out');
  return event(new Map([['error', TOO_LARGE]]));
}

/** Go's omitempty. */
const unlessEmpty = (texts: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== ''));
