import { type Clock, type Logger, unreachable } from '../../core/index.ts';
import type { HttpClient, HttpClientConfig } from '../../http-client/index.ts';
import type { Notifier } from '../notifier.ts';
import type { IntegrationConfig } from './config.ts';
import { createEmailNotifier } from './email.ts';
import { createPagerdutyNotifier } from './pagerduty.ts';
import { createSlackNotifier } from './slack.ts';
import { createWebhookNotifier } from './webhook.ts';

/** What every notifier reaches. */
export interface NotifierContext {
  readonly clock: Clock;
  /** Told what was cut to a receiver's limits and what was sent although a template failed. */
  readonly logger: Logger;
  /** What posts go out by; an HTTP client of the receiver's configuration by default. */
  readonly connect?: (config: HttpClientConfig) => Pick<HttpClient, 'post'>;
}

/** What brings notifications to a receiver of this configuration. */
export function createReceiverNotifier(config: IntegrationConfig, context: NotifierContext): Notifier {
  switch (config.kind) {
    case 'webhook':
      return createWebhookNotifier(config, context);
    case 'email':
      return createEmailNotifier(config, context);
    case 'pagerduty':
      return createPagerdutyNotifier(config, context);
    case 'slack':
      return createSlackNotifier(config, context);
    default:
      return unreachable(config);
  }
}
