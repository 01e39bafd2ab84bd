import { formatDuration, formatFloat, type Milliseconds, type Seconds, toSeconds } from '../core/index.ts';
import { type Slo, windowLength } from '../slo/index.ts';
import { windowStartRules } from './calendar/window-start.ts';
import { budgetOf, own, recorded, sumOver } from './measures.ts';
import { identity, SERIES } from './names.ts';
import type { RecordingRule } from './rule-types.ts';

const LABEL = 'window_start';

/**
 * The share of the budget that is left, weighted by events: a quiet night weighs little, and a gap in the data nothing.
 * Beside it, how many seconds of the window have samples.
 *
 * @param interval between the samples of the recorded rates
 */
export function budgetRules(slo: Slo, interval: Milliseconds): RecordingRule[] {
  const [remaining, covered] =
    slo.window.kind === 'rolling' ? rolling(slo, interval) : ofCalendar(slo, interval);
  return [recorded(slo, SERIES.budgetRemaining, remaining), recorded(slo, SERIES.budgetCoverage, covered)];
}

function rolling(slo: Slo, interval: Milliseconds): [remaining: string, covered: string] {
  const window = windowLength(slo.window);
  const ratio = [
    `  ${sumOver(slo, SERIES.errors, window)}`,
    '  /',
    `  (${sumOver(slo, SERIES.total, window)} > 0)`,
  ];
  return [
    ['1 - (', ...ratio, `) / ${budgetOf(slo)}`].join('\n'),
    covered(`${own(slo, SERIES.total)}[${formatDuration(window)}]`, interval),
  ];
}

/** Of what was recorded with the start of its window as a label, only the present window's is kept. */
function ofCalendar(slo: Slo, interval: Milliseconds): [remaining: string, covered: string] {
  const window = windowLength(slo.window);
  const present = `and on (service, slo, ${LABEL}) ${startAsLabel(slo)}`;
  const ratio = [
    `  ${sumOver(slo, SERIES.windowErrors, window)}`,
    '  /',
    `  (${sumOver(slo, SERIES.windowTotal, window)} > 0)`,
    `  ${present}`,
  ];
  const count = covered(`${own(slo, SERIES.windowTotal)}[${formatDuration(window)}]`, interval);
  return [
    [`1 - sum without (${LABEL}) (`, ...ratio, `) / ${budgetOf(slo)}`].join('\n'),
    `sum without (${LABEL}) (${count} ${present})`,
  ];
}

const covered = (range: string, interval: Milliseconds) =>
  `count_over_time(${range}) * ${formatFloat(toSeconds(interval) as Seconds)}`;

/** What a calendar window's budget needs beside the rates, evaluated with them; nothing for a rolling one. */
export function calendarRules(slo: Slo): RecordingRule[] {
  if (slo.window.kind === 'rolling') return [];
  const labelled = (series: string) =>
    `${own(slo, series)} * on (service, slo) group_left (${LABEL}) ${startAsLabel(slo)}`;
  return [
    ...windowStartRules(slo, slo.window),
    recorded(slo, SERIES.windowTotal, labelled(SERIES.total)),
    recorded(slo, SERIES.windowErrors, labelled(SERIES.errors)),
  ];
}

/** 1, with the start of the present window as a label. */
const startAsLabel = (slo: Slo) =>
  `count_values by (service, slo) ("${LABEL}", ${SERIES.windowStart}${identity(slo)})`;
