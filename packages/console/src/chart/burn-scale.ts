/**
 * The burn chart's vertical scale is an inverse hyperbolic sine: straight below 1× and logarithmic above, so that
 * an idle line at 0 (which a logarithm cannot show) and an outage at 100× are both readable in one chart.
 */
export const LINEAR_BELOW = 1;

/** A little room below zero, so that an idle line is a line and not the frame. */
export const FLOOR = -0.12;

const TICKS = [0, 1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000];

/**
 * The top of the scale: above every threshold and every value, with room for the highest threshold's label.
 * Without either, 3×.
 */
export function burnCeiling(thresholds: readonly number[], values: readonly (number | null)[]): number {
  let highest = 2;
  for (const value of thresholds) highest = Math.max(highest, value);
  const roomForLabel = highest * 1.8;
  for (const value of values) if (value !== null && value > highest) highest = value;
  return Math.max(roomForLabel, highest * 1.25);
}

/** The marked values up to the ceiling: 0, 1 and then about two a decade. */
export function burnTicks(ceiling: number): number[] {
  return TICKS.filter(tick => tick <= ceiling);
}

/** Where a value stands between the floor (0) and the ceiling (1) of the chart; outside values are clamped. */
export function burnPosition(value: number, ceiling: number): number {
  const low = Math.asinh(FLOOR / LINEAR_BELOW);
  const high = Math.asinh(ceiling / LINEAR_BELOW);
  const position = (Math.asinh(value / LINEAR_BELOW) - low) / (high - low);
  return Math.min(1, Math.max(0, position));
}
