import type { Labels, Milliseconds, Problem } from '../../core/index.ts';
import type { ExpositionFormat } from '../../exposition/index.ts';
import type { HttpClientConfig } from '../../http-client/index.ts';
import type { NameValidation } from '../name-validation.ts';
import type { RelabelRule } from '../relabel/relabel.ts';
import type { OtlpConfig } from './otlp-section.ts';
import type { EscapingScheme, ScrapeProtocol } from './protocols.ts';

/** Targets that share labels, as `static_configs` lists them. */
export interface StaticGroup {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** Where a job's targets come from. */
export type DiscoveryConfig =
  | { readonly kind: 'static'; readonly groups: readonly StaticGroup[] }
  | {
      readonly kind: 'file';
      /** Paths or globs; relative ones to the process's folder. */
      readonly patterns: readonly string[];
      readonly refreshInterval: Milliseconds;
    }
  | {
      readonly kind: 'http';
      readonly url: string;
      readonly refreshInterval: Milliseconds;
      readonly http: HttpClientConfig;
    };

/** Limits of a job; 0 is none. */
export interface ScrapeLimits {
  readonly bodySizeLimitBytes: number;
  readonly sampleLimit: number;
  readonly targetLimit: number;
  readonly labelLimit: number;
  /** In bytes, as the next one. */
  readonly labelNameLengthLimit: number;
  readonly labelValueLengthLimit: number;
  readonly keepDroppedTargets: number;
}

/** One job. What the file leaves out holds the global value or Prometheus's default. */
export interface ScrapeConfig extends ScrapeLimits {
  readonly jobName: string;
  readonly scrapeInterval: Milliseconds;
  /** At most the interval. */
  readonly scrapeTimeout: Milliseconds;
  readonly metricsPath: string;
  readonly scheme: string;
  readonly params: Readonly<Record<string, readonly string[]>>;
  readonly honorLabels: boolean;
  readonly honorTimestamps: boolean;
  /** Whether series with timestamps of their own go stale too. */
  readonly trackTimestampsStaleness: boolean;
  readonly enableCompression: boolean;
  /** Most wanted first; at least one. */
  readonly protocols: readonly ScrapeProtocol[];
  /** What an answer without a known content type is read as; absent: it fails. */
  readonly fallbackFormat?: ExpositionFormat;
  readonly nameValidation: NameValidation;
  readonly escapingScheme: EscapingScheme;
  readonly extraScrapeMetrics: boolean;
  readonly alwaysScrapeClassicHistograms: boolean;
  readonly http: HttpClientConfig;
  readonly discovery: readonly DiscoveryConfig[];
  readonly relabelRules: readonly RelabelRule[];
  readonly metricRelabelRules: readonly RelabelRule[];
}

/** Alertmanagers that are found, and sent to, in one way. */
export interface AlertmanagerConfig {
  readonly scheme: string;
  readonly pathPrefix: string;
  /** Of one request. */
  readonly timeout: Milliseconds;
  readonly http: HttpClientConfig;
  readonly discovery: readonly DiscoveryConfig[];
  /** Of the Alertmanagers' own labels. */
  readonly relabelRules: readonly RelabelRule[];
  /** Of what these are sent. */
  readonly alertRelabelRules: readonly RelabelRule[];
}

/** Where rules send their alerts. */
export interface AlertingConfig {
  /** Of what any of them is sent. */
  readonly alertRelabelRules: readonly RelabelRule[];
  readonly alertmanagers: readonly AlertmanagerConfig[];
}

/** What a Prometheus configuration file asks for. */
export interface PrometheusConfig {
  readonly file: string;
  /** The file's text with `<secret>` in place of passwords, tokens and keys, for /api/v1/status/config. */
  readonly text: string;
  readonly scrapeInterval: Milliseconds;
  readonly scrapeTimeout: Milliseconds;
  readonly evaluationInterval: Milliseconds;
  readonly ruleQueryOffset: Milliseconds;
  readonly externalLabels: Labels;
  /** Paths and globs as written, relative to the file's folder. */
  readonly ruleFiles: readonly string[];
  /** Those of `scrape_config_files` included. Job names are unique. */
  readonly scrapeConfigs: readonly ScrapeConfig[];
  readonly alerting: AlertingConfig;
  readonly otlp: OtlpConfig;
  /** Absent when the file does not say. */
  readonly maxExemplars?: number;
  /** What is allowed and yet hardly meant. */
  readonly warnings: readonly Problem[];
}
