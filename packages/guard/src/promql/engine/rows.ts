import { createFrame, type Frame, isRowEmpty } from './frame.ts';

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
 * A frame without the rows that have no sample. They would decide where a series or a group of the same labels stands
 * among the others, and with that in which order values are added up.
 */
export function withoutEmptyRows(frame: Frame): Frame {
  const rows = [...frame.labels.keys()].filter(row => !isRowEmpty(frame, row));
  return rows.length === frame.labels.length ? frame : takeRows(frame, rows);
}
