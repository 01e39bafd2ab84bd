import { createFrame, type Frame } from './frame.ts';

/** Some rows of a frame, in the given order. */
export function takeRows(frame: Frame, rows: readonly number[]): Frame {
  const { steps } = frame;
  const taken = createFrame(
    rows.map(row => frame.labels[row]!),
    steps,
    rows.map(row => frame.dropName[row]!),
  );
  for (const [target, row] of rows.entries()) {
    taken.values.set(frame.values.subarray(row * steps, (row + 1) * steps), target * steps);
    taken.present.set(frame.present.subarray(row * steps, (row + 1) * steps), target * steps);
  }
  return taken;
}

/**
 * An instant's frame without the rows that have no sample there. They would decide where a series of the same labels
 * stands among the others.
 */
export function withoutEmptyRows(frame: Frame): Frame {
  const { present, steps } = frame;
  if (steps !== 1 || present.every(there => there === 1)) return frame;
  return takeRows(
    frame,
    [...present.keys()].filter(row => present[row] === 1),
  );
}
