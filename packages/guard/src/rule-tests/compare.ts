import { compareLabels, type Labels } from '../core/index.ts';
import type { ShownAlert, ShownSample } from './outcome.ts';

/** In one order, so that two lists can be held against each other. */
export const sortAlerts = (alerts: readonly ShownAlert[]): ShownAlert[] =>
  alerts.toSorted((a, b) => compareLabels(a.labels, b.labels) || compareLabels(a.annotations, b.annotations));

export const sortSamples = (samples: readonly ShownSample[]): ShownSample[] =>
  samples.toSorted((a, b) => compareLabels(a.labels, b.labels));

/** Empty values count, unlike among labels in the store. */
const sameTexts = (a: Labels, b: Labels) =>
  a.flat.length === b.flat.length && a.flat.every((text, i) => text === b.flat[i]);

export const sameAlerts = (a: readonly ShownAlert[], b: readonly ShownAlert[]): boolean =>
  a.length === b.length &&
  a.every(
    (alert, i) => sameTexts(alert.labels, b[i]!.labels) && sameTexts(alert.annotations, b[i]!.annotations),
  );

/** NaN equals nothing, itself included: so promtool has it. */
export const sameSamples = (a: readonly ShownSample[], b: readonly ShownSample[], fuzzy: boolean): boolean =>
  a.length === b.length &&
  a.every(({ labels, value }, i) => {
    const other = b[i]!;
    return (
      labels.equals(other.labels) && (value === other.value || (fuzzy && areNeighbours(value, other.value)))
    );
  });

/** Whether there is no float between them. */
function areNeighbours(a: number, b: number): boolean {
  return nextAfter(a, 1n) === b || nextAfter(a, -1n) === b;
}

/** The next float above or below (Go's math.Nextafter). */
function nextAfter(value: number, direction: 1n | -1n): number {
  if (Number.isNaN(value)) return value;
  if (value === 0) return Number(direction) * Number.MIN_VALUE;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const away = value > 0 ? direction : -direction;
  const isLast = !Number.isFinite(value) && away === 1n;
  if (isLast) return value;
  view.setBigUint64(0, view.getBigUint64(0) + away);
  return view.getFloat64(0);
}
