import { formatFloat, formatFloatShort } from '../core/index.ts';

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const INFINITY = /^[+-]?inf(?:inity)?$/i;
const NOT_A_NUMBER = /^nan$/i;

/**
 * Reads a float as Prometheus's text parsers do: Go's strconv.ParseFloat without hexadecimal and without `_`.
 * Undefined when it is not one or does not fit.
 */
export function parseFloatText(text: string): number | undefined {
  if (DECIMAL.test(text)) {
    const value = Number(text);
    return Number.isFinite(value) ? value : undefined;
  }
  if (INFINITY.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  return NOT_A_NUMBER.test(text) ? Number.NaN : undefined;
}

/** `1.0`, `0.25`, `1e+06`, `+Inf`: how OpenMetrics writes `le` and `quantile` (labels.FormatOpenMetricsFloat). */
export function formatOpenMetricsFloat(value: number): string {
  if (!Number.isFinite(value)) return formatFloat(value);
  if (value === 0) return '0.0';
  const text = formatFloatShort(value);
  return /[e.]/.test(text) ? text : `${text}.0`;
}
