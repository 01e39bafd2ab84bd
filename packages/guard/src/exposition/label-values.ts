import { parseFloatText } from '../core/index.ts';
import type { MetricType } from './entries.ts';
import { formatOpenMetricsFloat } from './numbers.ts';

/** Labels whose values are numbers, by the type of the family in which they are. */
const NUMERIC_LABEL: Partial<Record<MetricType, string>> = { histogram: 'le', summary: 'quantile' };

/** Writes `le="1"` as `le="1.0"`, so that buckets of services that write numbers differently are the same series. */
export function normalizeLabelValue(type: MetricType | undefined, label: string, value: string): string {
  if (type === undefined || NUMERIC_LABEL[type] !== label) return value;
  const number = parseFloatText(value);
  return number === undefined ? value : formatOpenMetricsFloat(number);
}

/** Whether a reader that knows the family's type leaves the value as it is. */
export const isNumericLabelNormal = (type: MetricType | undefined, label: string, value: string): boolean =>
  normalizeLabelValue(type, label, value) === value;
