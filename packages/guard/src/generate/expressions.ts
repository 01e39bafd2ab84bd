import { formatDuration, formatFloat, type Milliseconds, milliseconds, type Seconds } from '../core/index.ts';
import { type BurnTier, errorBudget, type Slo, windowLength } from '../slo/index.ts';
import { errorRate, totalRate } from './event-rates.ts';
import { burnRateSeries, SERIES } from './names.ts';

/** The window of the recorded rates that budgets are summed from. */
export const RATE_WINDOW = milliseconds(300_000);

/** Absent without traffic: neither NaN, which poisons sums, nor 0, which would claim health. */
export const burnRate = (slo: Slo, window: Milliseconds): string =>
  [
    '(',
    `  ${errorRate(slo, window)}`,
    '  /',
    `  (${totalRate(slo, window)} > 0)`,
    `) / ${budgetOf(slo)}`,
  ].join('\n');

/** True, with the short window's burn rate as value, while both windows burn faster than the tier allows. */
export const burnAlert = (slo: Slo, { burn, shortWindow, longWindow }: BurnTier): string =>
  [shortWindow, longWindow]
    .map(window => `${burnRateSeries(window)}${identity(slo)} > ${formatFloat(burn)}`)
    .join('\nand\n');

/**
 * The share of the budget that is left, weighted by events: a quiet night weighs little, and a gap in the data nothing.
 */
export const budgetRemaining = (slo: Slo): string =>
  [
    '1 - (',
    `  ${sumOver(slo, SERIES.errors)}`,
    '  /',
    `  (${sumOver(slo, SERIES.total)} > 0)`,
    `) / ${budgetOf(slo)}`,
  ].join('\n');

/** Seconds of the SLO's window that have samples. */
export const budgetCoverage = (slo: Slo, interval: Seconds): string =>
  `count_over_time(${SERIES.total}${identity(slo)}[${formatDuration(windowLength(slo.window))}]) * ${formatFloat(interval)}`;

const sumOver = (slo: Slo, series: string) =>
  `sum_over_time(${series}${identity(slo)}[${formatDuration(windowLength(slo.window))}])`;

const budgetOf = ({ objective }: Slo) => formatFloat(errorBudget(objective));

const identity = ({ service, name }: Slo) =>
  `{service=${JSON.stringify(service)}, slo=${JSON.stringify(name)}}`;
