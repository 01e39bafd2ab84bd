import { type Context, type Place, within } from './context.ts';
import type { Metadata } from './fields.ts';

/** Labels that the generator sets. */
export const RESERVED_LABELS: readonly string[] = ['service', 'slo', 'severity', 'alertname'];

/**
 * The labels of an SLO as Prometheus has them: `.` and `-` in names become `_`, several values stand with commas between
 * them. Names that are taken are told.
 */
export function labelsOf({ labels }: Metadata, place: Place, { report }: Context): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [key, value] of Object.entries(labels)) {
    const name = prometheusName(key);
    const { source, path } = within(place, 'labels', key);
    if (RESERVED_LABELS.includes(name)) {
      report.problem(
        source.problemAtKey(path, {
          code: 'reserved-label',
          message: `label ${name} is set by the generator`,
          remedy: 'choose another name',
        }),
      );
    } else if (Object.hasOwn(result, name)) {
      report.problem(
        source.problemAtKey(path, {
          code: 'duplicate-label',
          message: `another label of this document is named ${name} in Prometheus`,
          remedy: 'rename one of them',
        }),
      );
    } else result[name] = Array.isArray(value) ? value.join(',') : value;
  }
  return result;
}

/** Names of Prometheus do not begin with a digit. */
const prometheusName = (key: string) => key.replace(/[-.]/g, '_').replace(/^(?=\d)/, '_');
