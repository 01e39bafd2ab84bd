import type { Labels, Milliseconds } from '../core/index.ts';
import type { RelabelRule } from './relabel.ts';

/** Targets that share labels, as `static_configs` lists them. */
export interface StaticGroup {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** One job. What the file leaves out holds the global value or Prometheus's default. */
export interface ScrapeConfig {
  readonly jobName: string;
  readonly scrapeInterval: Milliseconds;
  /** At most the interval. */
  readonly scrapeTimeout: Milliseconds;
  readonly metricsPath: string;
  readonly scheme: 'http' | 'https';
  readonly params: Readonly<Record<string, readonly string[]>>;
  readonly honorLabels: boolean;
  readonly honorTimestamps: boolean;
  readonly enableCompression: boolean;
  readonly staticGroups: readonly StaticGroup[];
  readonly relabelRules: readonly RelabelRule[];
  readonly metricRelabelRules: readonly RelabelRule[];
  /** Limits; 0 is none. */
  readonly sampleLimit: number;
  readonly bodySizeLimitBytes: number;
  readonly labelLimit: number;
  readonly labelNameLengthLimit: number;
  readonly labelValueLengthLimit: number;
}

/** Alertmanagers that rules send their alerts to. */
export interface AlertmanagerConfig {
  readonly scheme: 'http' | 'https';
  readonly pathPrefix: string;
  readonly timeout: Milliseconds;
  readonly staticGroups: readonly StaticGroup[];
}

/** What a Prometheus configuration file asks for. */
export interface PrometheusConfig {
  readonly file: string;
  /** The file's text, for /api/v1/status/config. */
  readonly text: string;
  readonly scrapeInterval: Milliseconds;
  readonly scrapeTimeout: Milliseconds;
  readonly evaluationInterval: Milliseconds;
  readonly ruleQueryOffset: Milliseconds;
  readonly externalLabels: Labels;
  /** Paths and globs as written, relative to the file's folder. */
  readonly ruleFiles: readonly string[];
  readonly scrapeConfigs: readonly ScrapeConfig[];
  readonly alertmanagers: readonly AlertmanagerConfig[];
  /** Absent when the file does not say. */
  readonly maxExemplars?: number;
}
