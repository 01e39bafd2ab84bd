import type { Path } from '../../config/index.ts';
import { httpClientConfig } from '../../http-client/index.ts';
import type { WebhookConfig } from './config.ts';
import { checkTemplates, checkUrl, type ReadContext, secretOf } from './read-context.ts';
import type { WebhookDocument } from './schema.ts';

export function readWebhook(
  document: WebhookDocument,
  name: string,
  path: Path,
  context: ReadContext,
): WebhookConfig {
  const { global, folder, templates } = context;
  const { url, payload } = document;
  checkTemplates(context, { url, payload }, path);
  if (url !== '' && !url.includes('{{')) checkUrl(context, url, [...path, 'url']);
  return {
    kind: 'webhook',
    name,
    templates,
    http: httpClientConfig(document.http_config ?? global.http_config ?? {}, folder),
    sendResolved: document.send_resolved,
    timeout: document.timeout,
    address: secretOf(context, url, document.url_file) ?? { kind: 'inline', text: '' },
    maxAlerts: document.max_alerts,
    ...(payload !== undefined && payload !== null && { payload }),
  };
}
