import { type Milliseconds, type Ratio, type Seconds, toSeconds } from '../core/index.ts';

/** A stretch of time with steady traffic, a steady share of which fails. */
export interface Stretch {
  readonly seconds: Seconds;
  readonly errorRatio: Ratio;
  /** Events a second; 1 by default, since ratios do not depend on it where it is the same throughout. */
  readonly rate?: number;
}

/** From inclusive, to exclusive, in seconds after the course's start; `to` may be Infinity. */
export interface Span {
  readonly from: Seconds;
  readonly to: Seconds;
}

/** How many events and failures there have been until an instant; linear between its knots. */
interface Totals {
  readonly knots: readonly Seconds[];
  readonly events: readonly number[];
  readonly failures: readonly number[];
}

/**
 * When the error ratio over a window is above a threshold, exactly: between the instants at which a stretch begins or
 * leaves the window, failures − threshold × events is linear in time.
 *
 * @param course the last stretch goes on for ever; nothing happened before the first
 */
export function spansAbove(course: readonly Stretch[], window: Milliseconds, threshold: Ratio): Span[] {
  const totals = totalsOf(course);
  const length = toSeconds(window);
  const end = totals.knots.at(-1)! + length;
  const times = [...new Set([...totals.knots, ...totals.knots.map(knot => knot + length)])].sort(
    (a, b) => a - b,
  );
  const excess = (t: Seconds) => {
    const inWindow = (of: readonly number[]) => at(totals, of, t) - at(totals, of, t - length);
    return inWindow(totals.failures) - threshold * inWindow(totals.events);
  };
  const spans: Span[] = [];
  for (const [i, from] of times.entries()) {
    const to = times[i + 1] ?? Number.POSITIVE_INFINITY;
    if (from >= end) {
      // From here on the window holds nothing but the last stretch.
      if (course.at(-1)!.errorRatio > threshold) spans.push({ from, to: Number.POSITIVE_INFINITY });
      break;
    }
    const [a, b] = [excess(from), excess(to)];
    const root = from + ((to - from) * a) / (a - b);
    if (a > 0 && b > 0) spans.push({ from, to });
    else if (a > 0) spans.push({ from, to: root });
    else if (b > 0) spans.push({ from: root, to });
  }
  return joined(spans);
}

/** Where all of the lists have a span. Each list is in order and without overlaps. */
export function intersection(first: readonly Span[], ...others: (readonly Span[])[]): Span[] {
  return others.reduce<readonly Span[]>(
    (kept, list) =>
      kept.flatMap(a =>
        list
          .map(b => ({ from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) }))
          .filter(({ from, to }) => from < to),
      ),
    first,
  ) as Span[];
}

function joined(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const span of spans) {
    const last = result.at(-1);
    if (last && last.to === span.from) result[result.length - 1] = { from: last.from, to: span.to };
    else if (span.from < span.to) result.push(span);
  }
  return result;
}

function totalsOf(course: readonly Stretch[]): Totals {
  const knots = [0];
  const events = [0];
  const failures = [0];
  for (const { seconds, errorRatio, rate = 1 } of course) {
    knots.push(knots.at(-1)! + seconds);
    events.push(events.at(-1)! + rate * seconds);
    failures.push(failures.at(-1)! + rate * seconds * errorRatio);
  }
  return { knots, events, failures };
}

/** The total at an instant; beyond the last knot it grows as in the last stretch. */
function at({ knots }: Totals, values: readonly number[], t: Seconds): number {
  if (t <= 0) return 0;
  const found = knots.findIndex(knot => knot >= t);
  const i = found === -1 ? knots.length - 1 : found;
  const share = (t - knots[i - 1]!) / (knots[i]! - knots[i - 1]!);
  return values[i - 1]! + share * (values[i]! - values[i - 1]!);
}
