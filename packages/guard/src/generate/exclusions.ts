import { formatDuration, formatFloat, type Milliseconds, toSeconds } from '../core/index.ts';
import type { Exclusions } from '../slo/index.ts';
import { inline, type Reading } from './event-rates.ts';

export const hasExclusions = ({ guard, maintenance }: Exclusions): boolean =>
  guard !== undefined || maintenance.length > 0;

/**
 * PromQL that returns something while a window that ends now holds an excluded instant; undefined where nothing is ever
 * excluded. A rate over the window would count what happened at that instant.
 */
export function excludedWithin(
  { guard, maintenance }: Exclusions,
  { window, step }: Reading,
): string | undefined {
  const parts = [
    ...(guard === undefined
      ? []
      : [`present_over_time((${inline(guard)})[${formatDuration(window)}:${formatDuration(step)}])`]),
    ...maintenance.map(({ from, to }) => `(vector(time()) > ${instant(from)} < ${instant(to + window)})`),
  ];
  return parts.length === 0 ? undefined : `(${parts.join(' or ')})`;
}

/** The expression, absent while the window that it reads holds an excluded instant. */
export function withoutExcluded(expr: string, exclusions: Exclusions, reading: Reading): string {
  const excluded = excludedWithin(exclusions, reading);
  return excluded === undefined ? expr : `${expr} unless on () ${excluded}`;
}

const instant = (time: Milliseconds) => formatFloat(toSeconds(time));
