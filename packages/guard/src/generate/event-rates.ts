import { formatDuration, formatFloat, type Milliseconds, unreachable } from '../core/index.ts';
import type { Sli, Slo } from '../slo/index.ts';

/** What is counted, and by which labels it is kept apart. */
export type Counted = Pick<Slo, 'sli' | 'grouping'>;

/**
 * Events a second over a window. Every label but the grouping's is dropped, so that failing series are divided by all
 * of them. Where the indicator counts no events (`raw`), each instant that has a ratio counts as one.
 */
export function totalRate({ sli, grouping }: Counted, window: Milliseconds): string {
  const sum = summing(grouping);
  switch (sli.kind) {
    case 'ratio':
    case 'latency':
      return sum(rateOf(sli.total, window));
    case 'native-latency':
      return `histogram_count(${sum(rateOf(sli.histogram, window))})`;
    case 'queries':
      return sum(sli.total.over(window));
    case 'raw':
      return `(0 * ${existing(sli.ratio.over(window))} + 1)`;
    case 'gauge':
      return sum(`count_over_time(${sli.gauge}[${formatDuration(window)}:])`);
    default:
      return unreachable(sli);
  }
}

/**
 * Bad events a second over a window: 0 with traffic and no bad series, absent without traffic. The `or` is for
 * services that create a series at its first event of a kind.
 */
export function errorRate(counted: Counted, window: Milliseconds): string {
  const total = totalRate(counted, window);
  const events = `(${eventRate(counted, window)} or 0 * ${total})`;
  return countsBad(counted.sli) ? events : `(${total} - ${events})`;
}

const countsBad = (sli: Sli) => 'counts' in sli && sli.counts === 'bad';

/** The events that the indicator names, whether good or bad. */
function eventRate({ sli, grouping }: Counted, window: Milliseconds): string {
  const sum = summing(grouping);
  switch (sli.kind) {
    case 'ratio':
      return sum(rateOf(sli.events, window));
    case 'latency':
      return sum(rateOf(sli.bucket, window));
    case 'native-latency': {
      const rate = sum(rateOf(sli.histogram, window));
      return `histogram_fraction(0, ${formatFloat(sli.threshold)}, ${rate}) * histogram_count(${rate})`;
    }
    case 'queries':
      return sum(sli.events.over(window));
    case 'raw':
      return existing(sli.ratio.over(window));
    case 'gauge':
      return sum(
        `sum_over_time((${sli.gauge} ${sli.op} bool ${formatFloat(sli.value)})[${formatDuration(window)}:])`,
      );
    default:
      return unreachable(sli);
  }
}

const rateOf = (selector: string, window: Milliseconds) => `rate(${selector}[${formatDuration(window)}])`;

/** A comparison with NaN is false: what has no value is left out. */
const existing = (ratio: string) => `((${ratio}) >= 0)`;

const summing = (grouping: readonly string[]) => (operand: string) =>
  grouping.length === 0 ? `sum(${operand})` : `sum by (${grouping.join(', ')}) (${operand})`;
