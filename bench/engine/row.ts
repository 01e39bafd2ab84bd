/** One line of the table: what both took and what is wanted of the ratio. */
export interface ReportRow {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly theirs: number;
  readonly ours: number;
  /** Above 1: ours is better. */
  readonly ratio: number;
  readonly goal: number;
  /** How often each was measured. */
  readonly rounds: number;
}

export interface BenchOptions {
  /** Load the data again instead of taking those of an earlier run. */
  readonly reload: boolean;
  /** Whether a row of this id was asked for. */
  wanted(id: string): boolean;
}

/** Measures the rows of one subject that are wanted, and gives each as soon as it is there. */
export interface Subject {
  readonly ids: readonly string[];
  measure(options: BenchOptions): AsyncGenerator<ReportRow>;
}

/** Of figures where less is better. */
export const lessIsBetter = (theirs: number, ours: number) => ({ theirs, ours, ratio: theirs / ours });
/** Of figures where more is better. */
export const moreIsBetter = (theirs: number, ours: number) => ({ theirs, ours, ratio: ours / theirs });

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
