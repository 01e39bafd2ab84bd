import { formatDuration, formatFloat, type Milliseconds, milliseconds } from '../core/index.ts';
import { errorBudget, type Slo, windowsOf } from '../slo/index.ts';
import { errorRate, type Reading, totalRate } from './event-rates.ts';
import { hasExclusions, withoutExcluded } from './exclusions.ts';
import { burnRateSeries, errorSeries, identity, identityLabels, SERIES, totalSeries } from './names.ts';
import type { RecordingRule } from './rule-types.ts';

/** The window of the recorded rates that budgets are summed from. */
export const RATE_WINDOW: Milliseconds = milliseconds(300_000);

/** A rule that records a series of the SLO. */
export const recorded = (
  slo: Slo,
  record: string,
  expr: string,
  labels: Readonly<Record<string, string>> = {},
): RecordingRule => ({ record, expr, labels: { ...identityLabels(slo), ...labels } });

/** All and bad events a second over five minutes, at each evaluation: what budgets are summed from. */
export function baseRules(slo: Slo, step: Milliseconds): RecordingRule[] {
  const { budgeting, exclusions } = slo;
  if (budgeting.method === 'occurrences') return pairRules(slo, { window: RATE_WINDOW, step });
  // The slice that ends now. Summed over all instants this is the mean over every way to cut time into slices.
  const reading: Reading = { window: budgeting.slice, step };
  const all = totalRate(slo, reading);
  const share = `(${errorRate(slo, reading, all)} / ${onGroup(slo)} (${all} > 0))`;
  const bad =
    budgeting.method === 'timeslices'
      ? `(${share} > bool ${formatFloat(errorBudget(budgeting.target))})`
      : share;
  return [
    recorded(slo, SERIES.total, withoutExcluded(`(0 * (${all} > 0) + 1)`, exclusions, reading)),
    recorded(slo, SERIES.errors, whereCounted(slo, bad, SERIES.total)),
  ];
}

/** All and bad events a second over a window, from the counters themselves. */
function pairRules(slo: Slo, reading: Reading): RecordingRule[] {
  const [total, errors] = [totalSeries(reading.window), errorSeries(reading.window)];
  return [
    recorded(slo, total, withoutExcluded(totalRate(slo, reading), slo.exclusions, reading)),
    recorded(slo, errors, whereCounted(slo, errorRate(slo, reading, own(slo, total)), total)),
  ];
}

/** What is excluded from the total must not enter the errors either. */
const whereCounted = (slo: Slo, errors: string, total: string) =>
  hasExclusions(slo.exclusions) ? `(${errors} and ${onGroup(slo)} ${own(slo, total)})` : errors;

/**
 * Burn rates over the windows, each after the rates that it divides: absent without traffic, and neither NaN, which
 * poisons sums, nor 0, which would claim health.
 */
export function burnRules(slo: Slo, windows: readonly Milliseconds[], step: Milliseconds): RecordingRule[] {
  return windows.flatMap(window => {
    const alias =
      slo.recordAlias === undefined
        ? []
        : [recorded(slo, `${slo.recordAlias}:${formatDuration(window)}`, own(slo, burnRateSeries(window)))];
    const needsPair = readsCounters(slo, window) && window !== RATE_WINDOW;
    const pair = needsPair ? pairRules(slo, { window, step }) : [];
    return [...pair, recorded(slo, burnRateSeries(window), burnRate(slo, window)), ...alias];
  });
}

/**
 * Whether a window's rates come from the counters. Slices, and windows that may reach back behind an exclusion, are
 * summed from what was recorded at each instant.
 */
export const readsCounters = ({ budgeting, exclusions }: Slo, window: Milliseconds): boolean =>
  budgeting.method === 'occurrences' && (window <= RATE_WINDOW || !hasExclusions(exclusions));

function burnRate(slo: Slo, window: Milliseconds): string {
  const [errors, total] = readsCounters(slo, window)
    ? [own(slo, errorSeries(window)), own(slo, totalSeries(window))]
    : [sumOver(slo, SERIES.errors, window), sumOver(slo, SERIES.total, window)];
  return `(\n  ${errors}\n  /\n  (${total} > 0)\n) / ${budgetOf(slo)}`;
}

/** The windows of the policy's alerts, shortest first. */
export const burnWindows = ({ policy }: Slo): Milliseconds[] => windowsOf(policy);

export const budgetOf = ({ objective }: Slo): string => formatFloat(errorBudget(objective));

/** One SLO's series of that name. */
export const own = (slo: Slo, series: string): string => `${series}${identity(slo)}`;

export const sumOver = (slo: Slo, series: string, window: Milliseconds): string =>
  `sum_over_time(${own(slo, series)}[${formatDuration(window)}])`;

export const onGroup = ({ grouping }: Slo): string => `on (${grouping.join(', ')})`;
