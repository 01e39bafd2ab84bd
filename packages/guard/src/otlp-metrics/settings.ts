import type { Milliseconds } from '../core/index.ts';

/** How metrics become series: the section `otlp` of a prometheus.yml (Prometheus: config/config.go `OTLPConfig`). */
export interface TranslationSettings {
  /** Whether characters outside of Prometheus's old names become underscores. */
  readonly escapesNames: boolean;
  /** Whether names get the suffixes of their unit and type. */
  readonly addsSuffixes: boolean;
  /** Resource attributes that become labels of every series: those that are listed, or all but those. */
  readonly promotedAttributes: { readonly all: boolean; readonly names: readonly string[] };
  /** Whether `target_info` has the attributes that `job` and `instance` are made of too. */
  readonly keepsIdentifyingAttributes: boolean;
  /** Whether name, version, schema URL and attributes of the scope become labels. */
  readonly promotesScope: boolean;
  /** Whether label names that begin with one underscore get `key` before it. */
  readonly prefixesUnderscores: boolean;
  /** Whether underscores in label names stay as many as they are. */
  readonly keepsUnderscores: boolean;
  /** Of queries; `target_info` gets a sample every half of it. */
  readonly lookbackDelta: Milliseconds;
}
