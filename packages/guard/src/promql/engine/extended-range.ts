import type { Milliseconds } from '../../core/index.ts';
import type { CallExpr, MatrixSelector } from '../ast.ts';
import { executionError } from '../errors.ts';
import type { Samples } from '../storage.ts';
import { type EvalContext, timeAt } from './context.ts';
import { type ExtendedWindow, extentOf, insideOf, type Modifier } from './extended-window.ts';
import type { Frame } from './frame.ts';
import { type RangeSource, windowEnd } from './selectors.ts';
import { firstAfter } from './windows.ts';

/** The functions that know what to do with samples outside of a range (promql/functions.go). */
const FUNCTIONS: Readonly<Record<Modifier, readonly string[]>> = {
  anchored: ['changes', 'delta', 'increase', 'rate', 'resets'],
  smoothed: ['delta', 'increase', 'rate'],
};

/** @throws UserError `promql-execution` when the function of a call cannot take its selector's modifier */
export function checkModifier({ name }: CallExpr, modifier: Modifier): void {
  const fit = FUNCTIONS[modifier];
  if (!fit.includes(name))
    throw executionError(
      'promql-execution',
      `${modifier} modifier can only be used with: ${fit.join(', ')} - not with ${name}`,
    );
}

/** How far beyond its range a selector sees. */
export function reachOf(
  modifier: Modifier | undefined,
  lookback: Milliseconds,
): { readonly before: Milliseconds; readonly after: Milliseconds } {
  return { before: modifier ? lookback : 0, after: modifier === 'smoothed' ? lookback : 0 };
}

/** Fills `frame`, whose rows are the source's series, as `fillWindows` does for selectors without a modifier. */
export function fillExtendedWindows(
  ctx: EvalContext,
  { name }: CallExpr,
  { selector }: MatrixSelector,
  source: RangeSource,
  frame: Frame,
): void {
  const { budget, lookback } = ctx.query;
  const modifier = selector.modifier!;
  const { before, after } = reachOf(modifier, lookback);
  const evaluate = functionOf(name, source.range);
  for (const [row, series] of source.series.entries()) {
    const samples = series.read();
    let { start, end } = { start: samples.start, end: samples.start };
    for (let step = 0; step < ctx.steps; step++) {
      const to = windowEnd(source.placement, timeAt(ctx, step));
      const from = to - source.range;
      start = firstAfter(samples.timestamps, start, samples.end, from - before);
      end = firstAfter(samples.timestamps, Math.max(start, end), samples.end, to + after);
      budget.work(end - start + 1);
      const value = evaluate({ samples: { ...samples, start, end }, modifier, from, to });
      if (value === undefined) continue;
      budget.hold(1);
      frame.values[row * ctx.steps + step] = value;
      frame.present[row * ctx.steps + step] = 1;
    }
  }
}

type Evaluate = (window: ExtendedWindow) => number | undefined;

function functionOf(name: string, range: Milliseconds): Evaluate {
  switch (name) {
    case 'changes':
      return window => countPairs(window, (a, b) => a !== b && !(Number.isNaN(a) && Number.isNaN(b)));
    case 'resets':
      return window => countPairs(window, (a, b) => b < a);
    case 'delta':
      return window => increaseOf(window, false);
    case 'increase':
      return window => increaseOf(window, true);
    case 'rate': {
      const seconds = toSeconds(range);
      return window => {
        const increase = increaseOf(window, true);
        return increase === undefined ? undefined : increase / seconds;
      };
    }
    default:
      throw new Error(`BUG: ${name}() takes no modifier`);
  }
}

/** As Go's Duration.Seconds adds them up, which decides on the last bit. */
const toSeconds = (range: Milliseconds): number => Math.trunc(range / 1000) + ((range % 1000) * 1e6) / 1e9;

function increaseOf(window: ExtendedWindow, isCounter: boolean): number | undefined {
  const extent = extentOf(window, isCounter);
  if (!extent) return undefined;
  const increase = extent.right - extent.left;
  return isCounter
    ? increase + lostToResets(window, extent.left, extent.right, insideOf(window, extent))
    : increase;
}

/** What a counter had counted before each reset inside the range. */
function lostToResets(
  { samples: { values } }: ExtendedWindow,
  left: number,
  right: number,
  [start, end]: readonly [number, number],
): number {
  let lost = 0;
  let previous = left;
  for (let i = start; i < end; i++) {
    if (values[i]! < previous) lost += previous;
    previous = values[i]!;
  }
  return right < previous ? lost + previous : lost;
}

/** Counts neighbours, beginning with the newest sample at or before the start of the range. */
function countPairs(
  { samples: { timestamps, values, start, end }, from }: ExtendedWindow,
  differs: (previous: number, current: number) => boolean,
): number | undefined {
  const inside = firstAfter(timestamps, start, end, from);
  if (inside === end) return undefined;
  let count = 0;
  for (let i = Math.max(start + 1, inside); i < end; i++) if (differs(values[i - 1]!, values[i]!)) count++;
  return count;
}

/** A range selector's own result: the samples inside the range, and what is at its two ends. */
export function extendedSamples(
  samples: Samples,
  modifier: Modifier,
  from: Milliseconds,
  to: Milliseconds,
): { readonly timestamps: Float64Array; readonly values: Float64Array } {
  const window: ExtendedWindow = { samples, modifier, from, to };
  const extent = extentOf(window, false);
  if (!extent) return { timestamps: new Float64Array(0), values: new Float64Array(0) };
  const [start, end] = insideOf(window, extent);
  const inside = Math.max(0, end - start);
  const timestamps = new Float64Array(inside + 2);
  const values = new Float64Array(inside + 2);
  timestamps.set([from]);
  timestamps.set(samples.timestamps.subarray(start, start + inside), 1);
  timestamps.set([to], inside + 1);
  values.set([extent.left]);
  values.set(samples.values.subarray(start, start + inside), 1);
  values.set([extent.right], inside + 1);
  return { timestamps, values };
}
