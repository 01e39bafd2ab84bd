import { UserError } from '../../core/index.ts';
import { isSuccess, type Redact, readSecret } from '../../http-client/index.ts';
import { goJson } from '../go-text.ts';
import type { Notifier, NotifyResult } from '../notifier.ts';
import { createPayload, type WebhookPayload } from '../payload.ts';
import { goMarshal } from '../templates/go-marshal.ts';
import type { Expansion } from '../templates/notification-templates.ts';
import { renderValue } from '../templates/render-value.ts';
import type { WebhookConfig } from './config.ts';
import type { NotifierContext } from './create-notifier.ts';
import { type Answer, createHttpSender, reasonOf, refusal } from './http-sender.ts';

/**
 * Posts the payload as JSON. 2xx is delivered; 5xx and everything that kept an answer from coming may be retried;
 * any other status, 429 included, is final for the flush, as in Alertmanager. Files are read anew for each attempt.
 */
export function createWebhookNotifier(config: WebhookConfig, context: NotifierContext): Notifier {
  const sender = createHttpSender({ kind: 'webhook', http: config.http, timeout: config.timeout }, context);
  return {
    async notify(notification, signal) {
      let posting: { url: string; body: string };
      try {
        const payload = createPayload(notification, config.maxAlerts);
        posting = await compose(config, payload, config.templates.begin(payload, context.clock.now()));
      } catch (error) {
        return { outcome: 'failed', reason: reasonOf(error) };
      }
      return sender.post({ ...posting, signal, judge });
    },
  };
}

function judge(answer: Answer, clean: Redact): NotifyResult {
  return isSuccess(answer)
    ? { outcome: 'delivered', reason: `status ${answer.status}` }
    : refusal(answer, clean(answer.text));
}

async function compose(config: WebhookConfig, payload: WebhookPayload, expansion: Expansion) {
  const body =
    config.payload === undefined
      ? goJson(payload)
      : `${goMarshal(renderValue(config.payload, source => expansion.text(source, 'payload')))}\n`;
  const url = expansion.text(await readSecret(config.address, 'url_file'), 'url');
  if (url === '') throw new UserError('empty-url', 'the webhook URL is empty after templating');
  return { url, body };
}
