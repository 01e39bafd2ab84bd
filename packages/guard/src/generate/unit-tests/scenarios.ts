import { formatDuration, formatFloat, type Milliseconds, toSeconds } from '../../core/index.ts';
import { calendarWindow, errorBudget, type Slo, windowsOf } from '../../slo/index.ts';
import { absentAlertName } from '../alerts.ts';
import { burnAlertName } from '../facts.ts';
import { burnRateSeries, identityLabels, SERIES } from '../names.ts';
import type { ExampleSeries, Examples } from './example-series.ts';

/** One test of a file of `promtool test rules`. */
export interface RuleTest {
  readonly name: string;
  readonly interval: string;
  readonly start_timestamp?: string;
  readonly input_series: readonly { readonly series: string; readonly values: string }[];
  readonly promql_expr_test: readonly Expectation[];
}

interface Expectation {
  readonly expr: string;
  readonly eval_time: string;
  readonly exp_samples: readonly { readonly labels: string; readonly value: string }[];
}

const MINUTE: Milliseconds = 60_000;
/** Samples of a shortest window at least. */
const SAMPLES = 4;
/** Intervals of traffic before something is looked at. */
const LENGTH = 20;

/** What must hold of an SLO's rules whatever its service is: each a test with traffic of its own. */
export function scenariosOf(slo: Slo, examples: Examples): RuleTest[] {
  const tick = tickOf(slo);
  const rate = eventsPerTick(slo, tick);
  const isState = examples.series.some(({ counts }) => counts === 'state');
  return [
    healthy(slo, examples, tick, rate),
    failing(slo, examples, tick, rate),
    ...(isState ? [] : [quiet(slo, examples, tick), reset(slo, examples, tick, rate)]),
    ...absent(slo, examples, tick, rate),
    ...newWindow(slo, examples, tick, rate),
  ];
}

/** A minute, or less where windows or slices would hold too few samples. */
export function tickOf({ policy, budgeting }: Slo): Milliseconds {
  const slices = budgeting.method === 'occurrences' ? [] : [budgeting.slice];
  const shortest = Math.min(...windowsOf(policy), ...slices, SAMPLES * MINUTE);
  return Math.max(1000, Math.floor(shortest / SAMPLES / 1000) * 1000);
}

/** One a second, or twice what an alert wants at least. */
function eventsPerTick({ minimumEvents = 0, policy }: Slo, tick: Milliseconds): number {
  const shortest = Math.min(...windowsOf(policy), 5 * MINUTE);
  return Math.max(toSeconds(tick), Math.ceil((2 * minimumEvents * tick) / shortest));
}

interface Traffic {
  readonly good: string;
  readonly bad: string;
  readonly all: string;
  readonly state: (gauge: { good: number; bad: number }) => string;
}

const inputs = ({ series }: Examples, traffic: Traffic): RuleTest['input_series'] =>
  series.map(example => ({ series: example.series, values: valuesOf(example, traffic) }));

const valuesOf = (example: ExampleSeries, traffic: Traffic) =>
  example.counts === 'state' ? traffic.state(example) : traffic[example.counts];

/** One outcome for all events, from the first tick on. */
function steady(outcome: 'good' | 'bad', rate: number, ticks: number): Traffic {
  const grows = `0+${rate}x${ticks}`;
  const stays = `0x${ticks}`;
  return {
    good: outcome === 'good' ? grows : stays,
    bad: outcome === 'bad' ? grows : stays,
    all: grows,
    state: gauge => `${formatFloat(gauge[outcome])}x${ticks}`,
  };
}

function healthy(slo: Slo, examples: Examples, tick: Milliseconds, rate: number): RuleTest {
  const at = formatDuration(LENGTH * tick);
  return {
    ...begin(slo, tick, 'while everything succeeds'),
    input_series: inputs(examples, steady('good', rate, LENGTH)),
    promql_expr_test: [
      ...burnIs(slo, examples, '0', at),
      isValue(slo, examples, SERIES.budgetRemaining, '1', at),
      noAlert(slo, at),
    ],
  };
}

function failing(slo: Slo, examples: Examples, tick: Milliseconds, rate: number): RuleTest {
  const waits = Math.max(0, ...slo.policy.tiers.map(tier => tier.for));
  const ticks = LENGTH + Math.ceil(waits / tick);
  const at = formatDuration(ticks * tick);
  const burn = 1 / errorBudget(slo.objective);
  return {
    ...begin(slo, tick, 'while everything fails'),
    input_series: inputs(examples, steady('bad', rate, ticks)),
    promql_expr_test: [
      ...burnIs(slo, examples, formatFloat(burn), at),
      isValue(slo, examples, SERIES.budgetRemaining, formatFloat(1 - burn), at),
      ...slo.policy.tiers.map(tier => isFiring(slo, burnAlertName(slo, tier), at)),
    ],
  };
}

function quiet(slo: Slo, examples: Examples, tick: Milliseconds): RuleTest {
  const at = formatDuration(LENGTH * tick);
  const still = `7x${LENGTH}`;
  const traffic: Traffic = { good: still, bad: still, all: still, state: () => still };
  const burns = windowsOf(slo.policy).map(window => isAbsent(selector(slo, burnRateSeries(window)), at));
  return {
    ...begin(slo, tick, 'without traffic'),
    input_series: inputs(examples, traffic),
    promql_expr_test: [...burns, noAlert(slo, at)],
  };
}

function reset(slo: Slo, examples: Examples, tick: Milliseconds, rate: number): RuleTest {
  const at = formatDuration(LENGTH * tick);
  const half = LENGTH / 2;
  const grows = `0+${rate}x${half - 1} 0+${rate}x${half}`;
  const stays = `0x${LENGTH}`;
  const traffic: Traffic = { good: grows, bad: stays, all: grows, state: () => stays };
  return {
    ...begin(slo, tick, 'when its counters begin anew'),
    input_series: inputs(examples, traffic),
    promql_expr_test: [...burnIs(slo, examples, '0', at), noAlert(slo, at)],
  };
}

/** The rates of five minutes go on a while after the last sample. */
const RATE_TAIL = 5 * MINUTE;

function absent(slo: Slo, examples: Examples, tick: Milliseconds, rate: number): RuleTest[] {
  if (slo.absent === undefined) return [];
  const waits = Math.ceil((slo.absent.for + RATE_TAIL) / tick) + 1;
  const gap = Math.max(1, Math.floor(slo.absent.for / tick));
  const cut = (text: string) => `${text} _x${gap} ${text}`;
  const { good, bad, all, state } = steady('good', rate, LENGTH);
  const traffic: Traffic = {
    good: cut(good),
    bad: cut(bad),
    all: cut(all),
    state: gauge => cut(state(gauge)),
  };
  const alert = absentAlertName(slo);
  const end = formatDuration((2 * LENGTH + gap) * tick);
  return [
    {
      ...begin(slo, tick, 'when nothing is measured'),
      input_series: [],
      promql_expr_test: [isFiring(slo, alert, formatDuration(waits * tick))],
    },
    {
      ...begin(slo, tick, 'across a deploy'),
      input_series: inputs(examples, traffic),
      promql_expr_test: [isAbsent(alertSelector(slo, alert, 'firing'), end)],
    },
  ];
}

/** An instant within the years of which generated tables know the offsets. */
const SOME_INSTANT = Date.UTC(2027, 4, 14, 12);

/** What failed before the window began is forgotten. */
function newWindow(slo: Slo, examples: Examples, tick: Milliseconds, rate: number): RuleTest[] {
  if (slo.window.kind === 'rolling') return [];
  const { to } = calendarWindow(slo.window, SOME_INSTANT);
  // The rates and the slices that end in the new window hold none of the failures.
  const slice = slo.budgeting.method === 'occurrences' ? 0 : slo.budgeting.slice;
  const rest = Math.ceil(Math.max(RATE_TAIL, slice) / tick) + 1;
  const before = LENGTH + rest;
  const after = LENGTH;
  const traffic: Traffic = {
    good: `0x${before - 1} 0+${rate}x${after}`,
    bad: `0+${rate}x${LENGTH - 1} ${rate * LENGTH}x${rest + after - 1}`,
    all: `0+${rate}x${LENGTH - 1} ${rate * LENGTH}x${rest - 1} ${rate * LENGTH}+${rate}x${after}`,
    state: gauge => `${formatFloat(gauge.bad)}x${before - 1} ${formatFloat(gauge.good)}x${after}`,
  };
  const isState = examples.series.some(({ counts }) => counts === 'state');
  // A gauge's rates look back over the failures, since they never rest.
  if (isState) return [];
  return [
    {
      ...begin(slo, tick, 'when its window begins'),
      start_timestamp: new Date(to - before * tick).toISOString().replace('.000Z', 'Z'),
      input_series: inputs(examples, traffic),
      promql_expr_test: [
        isValue(slo, examples, SERIES.budgetRemaining, '1', formatDuration((before + after) * tick)),
      ],
    },
  ];
}

function begin(slo: Slo, tick: Milliseconds, what: string) {
  const start = slo.window.kind === 'rolling' ? {} : { start_timestamp: '2027-05-14T12:00:00Z' };
  return { name: `${slo.service} ${slo.name} ${what}`, interval: formatDuration(tick), ...start };
}

const burnIs = (slo: Slo, examples: Examples, value: string, at: string) =>
  windowsOf(slo.policy).map(window => isValue(slo, examples, burnRateSeries(window), value, at));

function selector(slo: Slo, series: string, labels: Readonly<Record<string, string>> = {}): string {
  const matchers = Object.entries({ ...identityLabels(slo), ...labels });
  return `${series}{${matchers.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(', ')}}`;
}

const isValue = (
  slo: Slo,
  { group }: Examples,
  series: string,
  value: string,
  eval_time: string,
): Expectation => ({
  expr: selector(slo, series),
  eval_time,
  exp_samples: [{ labels: selector(slo, series, group), value }],
});

const isAbsent = (expr: string, eval_time: string): Expectation => ({ expr, eval_time, exp_samples: [] });

const alertSelector = (slo: Slo, alertname: string, alertstate: string) =>
  selector(slo, 'ALERTS', { alertname, alertstate });

const isFiring = (slo: Slo, alertname: string, eval_time: string): Expectation => ({
  expr: `count(${alertSelector(slo, alertname, 'firing')})`,
  eval_time,
  exp_samples: [{ labels: '{}', value: '1' }],
});

const noAlert = (slo: Slo, at: string) => isAbsent(selector(slo, 'ALERTS'), at);
