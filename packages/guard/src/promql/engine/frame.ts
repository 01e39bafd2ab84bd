import type { Labels } from '../../core/index.ts';

/**
 * An instant vector at every step of an evaluation: one row a series, one column a step, in two flat arrays, so that
 * an expression costs a few allocations however many steps it has.
 */
export interface Frame {
  readonly labels: Labels[];
  /** Rows whose metric name falls away at the end of the query; all false unless that is delayed. */
  readonly dropName: boolean[];
  readonly steps: number;
  /** The value of row r at step s stands at `r × steps + s`, and counts only where `present` holds 1 there. */
  readonly values: Float64Array;
  readonly present: Uint8Array;
}

export function createFrame(labels: Labels[], steps: number, dropName?: boolean[]): Frame {
  return {
    labels,
    dropName: dropName ?? labels.map(() => false),
    steps,
    values: new Float64Array(labels.length * steps),
    present: new Uint8Array(labels.length * steps),
  };
}

/** How many samples a frame holds. */
export function countPresent(frame: Frame): number {
  let count = 0;
  for (let i = 0; i < frame.present.length; i++) count += frame.present[i]!;
  return count;
}

/** Whether a row has a sample at any step. */
export function isRowEmpty(frame: Frame, row: number): boolean {
  const end = (row + 1) * frame.steps;
  for (let i = row * frame.steps; i < end; i++) if (frame.present[i] === 1) return false;
  return true;
}

/** Builds a frame whose rows are not known beforehand. */
export interface FrameBuilder {
  /** The row of these labels, made when it is new. */
  rowOf(labels: Labels, dropName: boolean): number;
  /** Whether the row has a sample at the step. */
  has(row: number, step: number): boolean;
  set(row: number, step: number, value: number): void;
  finish(): Frame;
}

export function createFrameBuilder(steps: number, expectedRows: number): FrameBuilder {
  const rows = new Map<string, number>();
  const labels: Labels[] = [];
  const dropName: boolean[] = [];
  let values = new Float64Array(Math.max(1, expectedRows) * steps);
  let present = new Uint8Array(values.length);

  function grow(): void {
    const larger = new Float64Array(values.length * 2);
    larger.set(values);
    values = larger;
    const largerPresent = new Uint8Array(values.length);
    largerPresent.set(present);
    present = largerPresent;
  }

  return {
    rowOf(rowLabels, drop) {
      const known = rows.get(rowLabels.key);
      if (known !== undefined) {
        dropName[known] ||= drop;
        return known;
      }
      const row = labels.length;
      rows.set(rowLabels.key, row);
      labels.push(rowLabels);
      dropName.push(drop);
      if ((row + 1) * steps > values.length) grow();
      return row;
    },
    has: (row, step) => present[row * steps + step] === 1,
    set(row, step, value) {
      values[row * steps + step] = value;
      present[row * steps + step] = 1;
    },
    finish() {
      const size = labels.length * steps;
      return {
        labels,
        dropName,
        steps,
        values: values.subarray(0, size),
        present: present.subarray(0, size),
      };
    },
  };
}
