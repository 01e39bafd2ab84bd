import {
  formatDuration,
  formatFloat,
  type Milliseconds,
  type Seconds,
  toSeconds,
  unreachable,
} from '../core/index.ts';
import { parseExpr, printExpr } from '../promql/index.ts';
import type { Sli, Slo } from '../slo/index.ts';

/** What is counted, and by which labels it is kept apart. */
export type Counted = Pick<Slo, 'sli' | 'grouping'>;

export interface Reading {
  readonly window: Milliseconds;
  /** Between the instants at which gauges are judged. */
  readonly step: Milliseconds;
}

/**
 * Events a second over a window. Every label but the grouping's is dropped, so that failing series are divided by all
 * of them; a series without a value (NaN) is left out. Where the indicator counts no events (`raw`), there is one a
 * second while it has a ratio.
 */
export function totalRate({ sli, grouping }: Counted, reading: Reading): string {
  const sum = aggregated('sum', grouping);
  switch (sli.kind) {
    case 'ratio':
    case 'latency':
      return sum(rateOf(sli.total, reading));
    case 'native-latency':
      return `(histogram_count(${histogram(sli.histogram, grouping, reading)}) >= 0)`;
    case 'queries':
      return sum(existing(sli.total.over(reading.window)));
    case 'raw':
      return `(0 * ${rawRatio({ sli, grouping }, reading)} + 1)`;
    case 'gauge':
      return `${sum(`count_over_time((${inline(sli.gauge)})${subquery(reading)})`)} / ${secondsOf(reading)}`;
    default:
      return unreachable(sli);
  }
}

/**
 * Bad events a second over a window: 0 with traffic and no bad series, absent without a total. The `or` is for services
 * that create a series at its first event of a kind.
 *
 * @param total what `totalRate` gives, or a series that has recorded it; the labels of its own do not matter
 */
export function errorRate(counted: Counted, reading: Reading, total: string): string {
  const { sli, grouping } = counted;
  const on = `on (${grouping.join(', ')})`;
  if (sli.kind === 'raw') {
    const ratio = rawRatio({ sli, grouping }, reading);
    return sli.counts === 'bad' ? ratio : `(${total} - ${on} ${ratio})`;
  }
  const events = `(${eventRate(sli, grouping, reading)} or ${on} 0 * ${total})`;
  return countsBad(sli) ? events : `(${total} - ${on} ${events})`;
}

const countsBad = (sli: Sli) => 'counts' in sli && sli.counts === 'bad';

/** The events that the indicator names, whether good or bad. */
function eventRate(
  sli: Exclude<Sli, { kind: 'raw' }>,
  grouping: readonly string[],
  reading: Reading,
): string {
  const sum = aggregated('sum', grouping);
  switch (sli.kind) {
    case 'ratio':
      return sum(rateOf(sli.events, reading));
    case 'latency':
      return sum(rateOf(sli.bucket, reading));
    case 'native-latency': {
      const rate = histogram(sli.histogram, grouping, reading);
      const share = `histogram_fraction(0, ${formatFloat(sli.threshold)}, ${rate})`;
      // Without traffic the fraction is NaN.
      return `(${share} * histogram_count(${rate}) >= 0)`;
    }
    case 'queries':
      return sum(existing(sli.events.over(reading.window)));
    case 'gauge': {
      const judged = `((${inline(sli.gauge)}) ${sli.op} bool ${formatFloat(sli.value)})`;
      return `${sum(`sum_over_time(${judged}${subquery(reading)})`)} / ${secondsOf(reading)}`;
    }
    default:
      return unreachable(sli);
  }
}

/** The author's ratio; of several series, each weighs the same. */
const rawRatio = (
  { sli, grouping }: { sli: Extract<Sli, { kind: 'raw' }>; grouping: readonly string[] },
  { window }: Reading,
) => aggregated('avg', grouping)(existing(sli.ratio.over(window)));

/** Rates are never negative: what the comparison leaves out is NaN, which would spoil every sum that it enters. */
const rateOf = (selector: string, { window }: Reading) =>
  `rate(${inline(selector)}[${formatDuration(window)}]) >= 0`;

const histogram = (selector: string, grouping: readonly string[], { window }: Reading) =>
  aggregated('sum', grouping)(`rate(${inline(selector)}[${formatDuration(window)}])`);

/** A comparison with NaN is false: what has no value is left out. */
const existing = (expr: string) => `(${inline(expr)}) >= 0`;

const subquery = ({ window, step }: Reading) => `[${formatDuration(window)}:${formatDuration(step)}]`;

const secondsOf = ({ window }: Reading): Seconds => toSeconds(window);

const aggregated =
  (operator: 'sum' | 'avg', grouping: readonly string[]) =>
  (operand: string): string =>
    grouping.length === 0
      ? `${operator}(${operand})`
      : `${operator} by (${grouping.join(', ')}) (${operand})`;

/** An author's text within another expression: a comment at its end must not swallow what follows. */
export const inline = (text: string): string =>
  text.includes('#') ? printExpr(parseExpr(text)) : text.trim();
