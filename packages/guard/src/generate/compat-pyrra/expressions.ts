import { formatDuration, goQuote, type Milliseconds } from '../../core/index.ts';
import { printName } from '../../promql/index.ts';
import type { PyrraMatcher, PyrraMetric } from '../../slo/index.ts';

/** A selector as Prometheus prints it. */
export function selector({ name, matchers }: Pick<PyrraMetric, 'name' | 'matchers'>): string {
  const conditions = matchers.map(printMatcher).sort();
  return conditions.length === 0 ? name : `${name}{${conditions.join(',')}}`;
}

export const printMatcher = ({ name, operator, value }: PyrraMatcher): string =>
  `${printName(name)}${operator}${goQuote(value)}`;

/** A selector over a window; Pyrra leaves a range of a second where short windows come to nothing. */
export const over = (metric: Pick<PyrraMetric, 'name' | 'matchers'>, window: Milliseconds): string =>
  `${selector(metric)}[${window === 0 ? '1s' : formatDuration(window)}]`;

export const sumBy = (grouping: readonly string[], expr: string): string =>
  grouping.length === 0 ? `sum(${expr})` : `sum by (${grouping.map(printName).join(', ')}) (${expr})`;

/** A matcher that a recorded series is selected by. */
export const equal = (name: string, value: string): PyrraMatcher => ({ name, operator: '=', value });

const WHOLE_NUMBER = /^[-+]?\d+$/;

/**
 * A bucket as Prometheus 2 and 3 name it: the `le` of classic histograms is `1` in the one, `1.0` in the other
 * (slo/prometheus3.go).
 */
export const migrated = <M extends Pick<PyrraMetric, 'name' | 'matchers'>>(metric: M, isOn: boolean): M =>
  isOn ? { ...metric, matchers: metric.matchers.map(migratedMatcher) } : metric;

const migratedMatcher = (matcher: PyrraMatcher): PyrraMatcher =>
  matcher.name === 'le' && matcher.operator === '=' && WHOLE_NUMBER.test(matcher.value)
    ? { name: 'le', operator: '=~', value: `${matcher.value}(\\.0)?` }
    : matcher;
