import { formatFloat, formatFloatShort } from '../core/index.ts';

/** `1.0`, `0.25`, `1e+06`, `+Inf`: how OpenMetrics writes `le` and `quantile` (labels.FormatOpenMetricsFloat). */
export function formatOpenMetricsFloat(value: number): string {
  if (!Number.isFinite(value)) return formatFloat(value);
  if (value === 0) return '0.0';
  const text = formatFloatShort(value);
  return /[e.]/.test(text) ? text : `${text}.0`;
}
