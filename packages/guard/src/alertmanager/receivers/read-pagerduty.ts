import type { Path } from '../../config/index.ts';
import { httpClientConfig } from '../../http-client/index.ts';
import type { PagerdutyConfig } from './config.ts';
import { checkTemplates, checkUrl, type ReadContext, secretOf } from './read-context.ts';
import type { PagerdutyDocument } from './schema.ts';

/** What details hold beside the configured ones (notify/pagerduty/config.go). */
const DEFAULT_DETAILS = {
  firing: '{{ .Alerts.Firing | toJson }}',
  resolved: '{{ .Alerts.Resolved | toJson }}',
  num_firing: '{{ .Alerts.Firing | len }}',
  num_resolved: '{{ .Alerts.Resolved | len }}',
};

export function readPagerduty(
  document: PagerdutyDocument,
  name: string,
  path: Path,
  context: ReadContext,
): PagerdutyConfig {
  const { global, folder, templates } = context;
  checkTemplates(context, { ...document, url: undefined, http_config: undefined }, path);
  checkUrl(context, document.url, [...path, 'url']);
  return {
    kind: 'pagerduty',
    name,
    templates,
    http: httpClientConfig(document.http_config ?? global.http_config ?? {}, folder),
    sendResolved: document.send_resolved,
    timeout: document.timeout,
    routingKey: secretOf(context, document.routing_key, document.routing_key_file) ?? {
      kind: 'inline',
      text: '',
    },
    url: document.url ?? global.pagerduty_url,
    client: document.client,
    clientUrl: document.client_url,
    description: document.description,
    details: { ...DEFAULT_DETAILS, ...document.details },
    images: document.images,
    links: document.links,
    source: document.source || document.client,
    severity: document.severity || 'error',
    class: document.class,
    component: document.component,
    group: document.group,
  };
}
