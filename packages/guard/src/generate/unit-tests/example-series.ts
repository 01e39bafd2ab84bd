import { type Matcher, METRIC_NAME } from '../../core/index.ts';
import { type Expr, parseExpr, type VectorSelector } from '../../promql/index.ts';
import type { Sli, Slo } from '../../slo/index.ts';
import { exampleValue } from './example-labels.ts';

/** A series that a test gives, and what its samples count or show. */
export type ExampleSeries =
  | { readonly series: string; readonly counts: 'good' | 'bad' | 'all' }
  /** A gauge with these values while all is well, and while it is not. */
  | { readonly series: string; readonly counts: 'state'; readonly good: number; readonly bad: number };

export interface Examples {
  readonly series: readonly ExampleSeries[];
  /** Labels of the grouping on everything that is recorded. */
  readonly group: Readonly<Record<string, string>>;
}

/** Series that an indicator counts, or why none could be made up. */
export function exampleSeries(slo: Slo): Examples | { readonly none: string } {
  const { sli, grouping } = slo;
  switch (sli.kind) {
    case 'ratio':
      return counters(selectorOf(sli.events), selectorOf(sli.total), sli.counts, grouping);
    case 'latency':
      return counters(selectorOf(sli.bucket), selectorOf(sli.total), 'good', grouping);
    case 'queries': {
      const [events, total] = [sli.events, sli.total].map(query => rated(parseExpr(query.over(300_000))));
      if (!events || !total) return { none: 'its queries are more than sums of rates' };
      return counters(events, total, sli.counts, grouping);
    }
    case 'gauge':
      return gauge(sli, grouping);
    case 'raw':
      return { none: 'its ratio is an expression that only its author knows' };
    default:
      return { none: 'native histograms' };
  }
}

const selectorOf = (text: string) => parseExpr(text) as VectorSelector;

/** The counter of a sum of its rate; undefined for anything else. */
function rated(expr: Expr): VectorSelector | undefined {
  switch (expr.type) {
    case 'paren':
      return rated(expr.expr);
    case 'aggregate':
      return expr.operator === 'sum' ? rated(expr.expr) : undefined;
    case 'call': {
      const [range] = expr.args;
      const isRate = ['rate', 'increase', 'irate'].includes(expr.name);
      const isPlain = isRate && range?.type === 'matrix' && !range.selector.offset && !range.selector.at;
      return isPlain ? range.selector : undefined;
    }
    default:
      return undefined;
  }
}

function counters(
  events: VectorSelector,
  total: VectorSelector,
  counts: 'good' | 'bad',
  grouping: readonly string[],
): Examples | { none: string } {
  const other = counts === 'good' ? 'bad' : 'good';
  const sameName = events.name === total.name && events.name !== '';
  const [ofEvents, ofTotal] = [matchersOf(events), matchersOf(total)];
  const named = sameName
    ? [labelsFor([...ofEvents, ...ofTotal], [], grouping), labelsFor(ofTotal, ofEvents, grouping)]
    : [labelsFor(ofEvents, [], grouping), labelsFor(ofTotal, [], grouping)];
  const [first, second] = named;
  if (!first || !second) return { none: 'no labels could be found that its selectors match' };
  const group = Object.fromEntries(grouping.map(label => [label, first[label] ?? '']));
  if (grouping.some(label => first[label] !== second[label])) {
    return { none: 'its events and all events cannot be told apart within a group' };
  }
  return {
    series: [
      { series: seriesText(events.name, first), counts },
      { series: seriesText(total.name, second), counts: sameName ? other : 'all' },
    ],
    group,
  };
}

function gauge({ gauge: text, op, value }: Extract<Sli, { kind: 'gauge' }>, grouping: readonly string[]) {
  const expr = parseExpr(text);
  if (expr.type !== 'vector') return { none: 'its gauge is an expression' };
  const labels = labelsFor(matchersOf(expr), [], grouping);
  if (!labels) return { none: 'no labels could be found that its selector matches' };
  const [good, bad] = {
    '>': [value + 1, value],
    '>=': [value, value - 1],
    '<': [value - 1, value],
    '<=': [value, value + 1],
    '==': [value, value + 1],
  }[op] as [number, number];
  const group = Object.fromEntries(grouping.map(label => [label, labels[label] ?? '']));
  const series: ExampleSeries[] = [{ series: seriesText(expr.name, labels), counts: 'state', good, bad }];
  return { series, group };
}

const matchersOf = ({ matchers }: VectorSelector) => matchers.filter(({ name }) => name !== METRIC_NAME);

/** Labels that satisfy all `wanted` and, where there are any, not all of `unwanted`; no more of them than needed. */
function labelsFor(
  wanted: readonly Matcher[],
  unwanted: readonly Matcher[],
  grouping: readonly string[],
): Record<string, string> | undefined {
  const names = [...new Set([...wanted, ...unwanted].map(({ name }) => name)), ...grouping];
  const of = (matchers: readonly Matcher[], label: string) => matchers.filter(({ name }) => name === label);
  const labels: Record<string, string> = {};
  let isApart = unwanted.length === 0;
  for (const label of new Set(names)) {
    const mayBeAbsent = !grouping.includes(label);
    const apart =
      isApart || grouping.includes(label)
        ? undefined
        : of(unwanted, label).length > 0
          ? exampleValue(of(wanted, label), of(unwanted, label), mayBeAbsent)
          : undefined;
    if (apart !== undefined) isApart = true;
    // Beside what sets them apart, the two series are alike.
    const value =
      apart ??
      exampleValue([...of(wanted, label), ...of(unwanted, label)], [], mayBeAbsent) ??
      exampleValue(of(wanted, label), [], mayBeAbsent);
    if (value === undefined) return undefined;
    if (value !== '') labels[label] = value;
  }
  return isApart ? labels : undefined;
}

const seriesText = (name: string, labels: Readonly<Record<string, string>>) =>
  `${name}{${Object.entries(labels)
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
    .join(',')}}`;
