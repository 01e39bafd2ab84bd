import { Registry } from 'prom-client';
import { createVirtualClock, milliseconds, silentLogger } from '../core/index.ts';
import type { Appendable } from '../promql/storage.ts';
import { encodeMetrics } from './encode-metrics.testing.ts';
import { createMetricsReceiver, type MetricsReceiver, type TranslationSettings } from './index.ts';

export { encodeMetrics } from './encode-metrics.testing.ts';

/** What Prometheus does without a section `otlp` in its configuration. */
export const DEFAULT_SETTINGS: TranslationSettings = {
  escapesNames: true,
  addsSuffixes: true,
  promotedAttributes: { all: false, names: [] },
  keepsIdentifyingAttributes: false,
  promotesScope: false,
  prefixesUnderscores: true,
  keepsUnderscores: true,
  lookbackDelta: 300_000,
};

/** A receiver that appends to a store whose clock stands at `now`. */
export const testMetricsReceiver = (
  appendable: Appendable,
  now: number,
  settings: Partial<TranslationSettings> = {},
  registry = new Registry(),
): MetricsReceiver =>
  createMetricsReceiver({
    appendable,
    clock: createVirtualClock(milliseconds(now)),
    logger: silentLogger,
    registry,
    settings: () => ({ ...DEFAULT_SETTINGS, ...settings }),
  });

/** `ExportMetricsServiceRequest` in protobuf with one gauge of one point. */
export function metricsRequest(name: string, timestamp: number, value: number): Buffer {
  const dataPoints = [{ timeUnixNano: `${timestamp}000000`, asDouble: value }];
  return encodeMetrics({
    resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name, gauge: { dataPoints } }] }] }],
  });
}
