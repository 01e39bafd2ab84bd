import type { Milliseconds } from '../../core/index.ts';
import type { HttpClientConfig, Secret, TlsConfig } from '../../http-client/index.ts';
import type { NotificationTemplates } from '../templates/notification-templates.ts';

/** The receivers that the router carries out, by Alertmanager's names and in its order (config/receiver/receiver.go). */
export const INTEGRATION_KINDS = ['webhook', 'email', 'pagerduty', 'slack'] as const;
export type IntegrationKind = (typeof INTEGRATION_KINDS)[number];

/** One configuration of a receiver. Texts are Go templates unless said otherwise. */
export type IntegrationConfig = WebhookConfig | EmailConfig | PagerdutyConfig | SlackConfig;

interface Integration {
  /** Kind and place among the receiver's configurations of the kind, `slack[0]`. */
  readonly name: string;
  readonly sendResolved: boolean;
  /** What the texts may call. */
  readonly templates: NotificationTemplates;
}

interface HttpIntegration extends Integration {
  readonly http: HttpClientConfig;
  /** Of one attempt. 0: only the flush's own limit. */
  readonly timeout: Milliseconds;
}

export interface WebhookConfig extends HttpIntegration {
  readonly kind: 'webhook';
  /** Where to post; a template. May carry userinfo: never log it as it is. */
  readonly address: Secret;
  /** 0: no limit. */
  readonly maxAlerts: number;
  /** What is posted instead of the usual body: a value as YAML gives it, the texts in which are templates. */
  readonly payload?: unknown;
}

export interface SlackConfig extends HttpIntegration {
  readonly kind: 'slack';
  /** Where to post: an incoming webhook, or a method of the API. No template. */
  readonly address: Secret;
  /** Edits the first message of a group instead of posting another. */
  readonly updatesMessage: boolean;
  readonly channel: string;
  readonly username: string;
  readonly iconEmoji: string;
  readonly iconUrl: string;
  readonly messageText: string;
  readonly linkNames: boolean;
  readonly title: string;
  readonly titleLink: string;
  readonly pretext: string;
  readonly text: string;
  readonly fallback: string;
  readonly callbackId: string;
  readonly imageUrl: string;
  readonly thumbUrl: string;
  readonly footer: string;
  readonly color: string;
  /** Names of attachment fields that hold markup; no templates. */
  readonly markdownIn: readonly string[];
  readonly fields: readonly SlackField[];
  readonly actions: readonly SlackAction[];
}

export interface SlackField {
  readonly title: string;
  readonly value: string;
  readonly short: boolean;
}

export interface SlackAction {
  readonly type: string;
  readonly text: string;
  readonly url: string;
  readonly style: string;
  readonly name: string;
  readonly value: string;
  readonly confirm?: {
    readonly title: string;
    readonly text: string;
    readonly okText: string;
    readonly dismissText: string;
  };
}

/** Events API v2. */
export interface PagerdutyConfig extends HttpIntegration {
  readonly kind: 'pagerduty';
  /** A template, also where it is read from a file. */
  readonly routingKey: Secret;
  /** No template. */
  readonly url: string;
  readonly client: string;
  readonly clientUrl: string;
  readonly description: string;
  /** Values as YAML gives them, the texts in which are templates. */
  readonly details: Readonly<Record<string, unknown>>;
  readonly images: readonly { readonly src: string; readonly alt: string; readonly href: string }[];
  readonly links: readonly { readonly href: string; readonly text: string }[];
  readonly source: string;
  readonly severity: string;
  readonly class: string;
  readonly component: string;
  readonly group: string;
}

export interface EmailConfig extends Integration {
  readonly kind: 'email';
  readonly host: string;
  readonly port: number;
  /** What EHLO says; no template. */
  readonly hello: string;
  readonly from: string;
  readonly to: string;
  /** Names in canonical form. */
  readonly headers: ReadonlyMap<string, string>;
  /** '' leaves the part out. */
  readonly html: string;
  readonly text: string;
  readonly auth?: {
    readonly username: string;
    readonly identity: string;
    readonly password?: Secret;
    /** Of CRAM-MD5. */
    readonly secret?: Secret;
  };
  /** TLS from the first byte. */
  readonly implicitTls: boolean;
  /** STARTTLS before anything is told. */
  readonly requireTls: boolean;
  readonly tls: TlsConfig;
  /** Which messages of a group hang together: all, or those of a day. */
  readonly threading?: 'none' | 'daily';
}
