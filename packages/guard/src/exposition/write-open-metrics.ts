import { formatFloatShort, type Labels, METRIC_NAME, type Milliseconds } from '../core/index.ts';
import type { MetricType } from './entries.ts';

/** What ends every exposition in OpenMetrics. */
export const OPEN_METRICS_END = '# EOF\n';

/** A family's lines before its samples; empty texts and unknown types are not written. */
export interface FamilyMetadata {
  /** Without the suffixes of its samples: of `requests_total`, `requests`. */
  readonly name: string;
  readonly type?: MetricType;
  readonly help?: string;
  readonly unit?: string;
}

/** TYPE, UNIT and HELP lines of OpenMetrics 1.0, each with its newline. */
export function writeFamily({ name, type, help, unit }: FamilyMetadata): string {
  const shown = METRIC_NAME_FORM.test(name) ? name : quoted(name);
  return [
    type !== undefined && type !== 'unknown' && `# TYPE ${shown} ${type}\n`,
    unit && `# UNIT ${shown} ${unit}\n`,
    help && `# HELP ${shown} ${escaped(help)}\n`,
  ]
    .filter(Boolean)
    .join('');
}

/**
 * A series as its sample lines begin: `name{label="value"}`, with braces also around no labels, as promtool writes it
 * (cmd/promtool/tsdb.go, CondensedString). Names beyond the classic form stand in quotes (`{"name","label"="value"}`).
 *
 * @param labels with a metric's name
 */
export function writeSeries(labels: Labels): string {
  const name = labels.metricName;
  const isClassic = METRIC_NAME_FORM.test(name);
  const parts = isClassic ? [] : [quoted(name)];
  for (const [label, value] of labels) {
    if (label === METRIC_NAME) continue;
    parts.push(`${LABEL_NAME_FORM.test(label) ? label : quoted(label)}=${quoted(value)}`);
  }
  return `${isClassic ? name : ''}{${parts.join(',')}}`;
}

/** One line of a sample, its newline included. */
export const writeSample = (series: string, value: number, timestamp: Milliseconds): string =>
  `${series} ${formatFloatShort(value)} ${writeTimestamp(timestamp)}\n`;

const METRIC_NAME_FORM = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL_NAME_FORM = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' };

const escaped = (text: string) => text.replace(/[\\"\n]/g, character => ESCAPES[character]!);
const quoted = (text: string) => `"${escaped(text)}"`;

/**
 * Seconds with three decimals. Readers multiply by 1000 and cut (model/textparse/openmetricsparse.go); where floating
 * point would lose the last millisecond by that, a fourth decimal keeps it.
 */
function writeTimestamp(timestamp: Milliseconds): string {
  const size = Math.abs(timestamp);
  const text = `${timestamp < 0 ? '-' : ''}${Math.floor(size / 1000)}.${String(size % 1000).padStart(3, '0')}`;
  return Math.trunc(Number(text) * 1000) === timestamp ? text : `${text}1`;
}
