import type { Unit } from '../choices.ts';
import { scaleFor } from './units.ts';

export interface ValueTick {
  readonly value: number;
  readonly label: string;
}

/** The range of an axis and its ticks, ascending; the range begins and ends at ticks. */
export interface ValueAxis {
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly ValueTick[];
}

/** Steps between ticks, times a power of ten. */
const STEPS = [1, 2, 2.5, 3, 4, 5, 10];
/** Below this, a step would have too few bits. */
const SMALLEST = 1e-300;
/** With less digits than this of the tick's own, labels would be equal. */
const MAX_DECIMALS = 6;

/**
 * An axis that holds every value, with about `count` intervals of round numbers. Zero is in it where that costs at
 * most half of the height.
 *
 * @param min finite, at most `max`
 */
export function valueAxis(min: number, max: number, count: number, unit: Unit): ValueAxis {
  const [from, to] = widened(min, max);
  const { factor, suffix } = scaleFor(unit, Math.max(Math.abs(from), Math.abs(to)));
  const step = niceStep((to - from) / factor / Math.max(1, Math.ceil(count)));
  const first = Math.floor(from / factor / step + 1e-9);
  const last = Math.ceil(to / factor / step - 1e-9);
  const label = labelFor(step, Math.max(Math.abs(first), Math.abs(last)) * step);
  const ticks: ValueTick[] = [];
  for (let n = first; n <= last; n++)
    ticks.push({ value: n * step * factor, label: label(n * step) + suffix });
  return { min: ticks[0]!.value, max: ticks.at(-1)!.value, ticks };
}

function widened(min: number, max: number): [number, number] {
  // A difference in the last bits alone is noise of floating point, and no step could divide it.
  if (max - min <= Math.max(Math.abs(min) * 1e-12, Math.abs(max) * 1e-12, SMALLEST)) {
    if (Math.abs(min) <= SMALLEST) return [0, 1];
    return min > 0 ? [0, min * 2] : [min * 2, 0];
  }
  if (min > 0 && min <= max / 2) return [0, max];
  if (max < 0 && max >= min / 2) return [min, 0];
  return [min, max];
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * STEPS.find(step => step * power >= rough * (1 - 1e-9))!;
}

/** As many decimals as tell the ticks apart. */
function labelFor(step: number, largest: number): (value: number) => string {
  // Fifteen digits leave out the noise of multiplication.
  const exact = (value: number) => Number(value.toPrecision(15));
  if (step < 10 ** -MAX_DECIMALS || largest >= 1e6)
    return value => (value === 0 ? '0' : exact(value).toExponential());
  const decimals = (String(exact(step)).split('.')[1] ?? '').length;
  return value => (value === 0 ? '0' : value.toFixed(decimals));
}
