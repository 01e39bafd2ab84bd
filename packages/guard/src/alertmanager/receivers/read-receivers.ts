import type { Path } from '../../config/index.ts';
import { Labels } from '../../core/index.ts';
import type { ReceiverConfig } from '../config.ts';
import type { IntegrationConfig, IntegrationKind } from './config.ts';
import type { ReadContext } from './read-context.ts';
import { readEmail } from './read-email.ts';
import { readPagerduty } from './read-pagerduty.ts';
import { readSlack } from './read-slack.ts';
import { readWebhook } from './read-webhook.ts';
import type { EmailDocument, PagerdutyDocument, SlackDocument, WebhookDocument } from './schema.ts';

export interface ReceiverDocument {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly webhook_configs: readonly WebhookDocument[];
  readonly email_configs: readonly EmailDocument[];
  readonly pagerduty_configs: readonly PagerdutyDocument[];
  readonly slack_configs: readonly SlackDocument[];
}

/** Receivers in the file's order, the configurations of each in Alertmanager's. */
export function readReceivers(
  documents: readonly ReceiverDocument[],
  context: ReadContext,
): ReceiverConfig[] {
  const names = new Set<string>();
  return documents.map((document, i) => {
    const path = ['receivers', i];
    const { name, labels } = document;
    if (names.has(name))
      context.report(
        [...path, 'name'],
        'duplicate-receiver',
        `a receiver named ${JSON.stringify(name)} stands above`,
      );
    names.add(name);
    if (labels?.name !== undefined && labels.name !== name)
      context.report(
        [...path, 'labels', 'name'],
        'bad-value',
        'the label "name" must be the receiver\'s name',
      );
    return {
      name,
      labels: Labels.of({ ...labels, name }),
      integrations: integrationsOf(document, path, context),
    };
  });
}

function integrationsOf(document: ReceiverDocument, path: Path, context: ReadContext): IntegrationConfig[] {
  const all = <T>(
    kind: IntegrationKind,
    documents: readonly T[],
    read: (document: T, name: string, path: Path, context: ReadContext) => IntegrationConfig,
  ) => documents.map((each, i) => read(each, `${kind}[${i}]`, [...path, `${kind}_configs`, i], context));
  return [
    ...all('webhook', document.webhook_configs, readWebhook),
    ...all('email', document.email_configs, readEmail),
    ...all('pagerduty', document.pagerduty_configs, readPagerduty),
    ...all('slack', document.slack_configs, readSlack),
  ];
}
