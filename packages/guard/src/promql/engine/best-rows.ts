/** The rows with the k best values, of those added so far. */
export interface BestRows {
  add(row: number, value: number): void;
  /** Best first, NaN last. */
  best(): number[];
}

/**
 * Keeps the k largest (`sign` 1) or smallest (-1) values in a binary heap whose root is the worst of them. Which of
 * several equal values stay depends on the heap's every step: these are the steps of Go's container/heap as
 * promql.aggregationK takes them.
 */
export function createBestRows(k: number, sign: 1 | -1): BestRows {
  const rows: number[] = [];
  const values: number[] = [];

  const isWorse = (i: number, j: number) => Number.isNaN(values[i]!) || sign * values[i]! < sign * values[j]!;

  function swap(i: number, j: number): void {
    [rows[i], rows[j]] = [rows[j]!, rows[i]!];
    [values[i], values[j]] = [values[j]!, values[i]!];
  }

  function up(from: number): void {
    for (let child = from; child > 0; ) {
      const parent = (child - 1) >> 1;
      if (!isWorse(child, parent)) return;
      swap(parent, child);
      child = parent;
    }
  }

  function down(): void {
    for (let parent = 0; ; ) {
      const left = 2 * parent + 1;
      if (left >= rows.length) return;
      const child = left + 1 < rows.length && isWorse(left + 1, left) ? left + 1 : left;
      if (!isWorse(child, parent)) return;
      swap(parent, child);
      parent = child;
    }
  }

  return {
    add(row, value) {
      if (rows.length < k) {
        values.push(value);
        up(rows.push(row) - 1);
      } else if (sign * values[0]! < sign * value || (Number.isNaN(values[0]!) && !Number.isNaN(value))) {
        rows[0] = row;
        values[0] = value;
        down();
      }
    },
    best: () => [...rows.keys()].sort((i, j) => compare(values[i]!, values[j]!, sign)).map(i => rows[i]!),
  };
}

function compare(a: number, b: number, sign: 1 | -1): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a === b ? 0 : sign * a > sign * b ? -1 : 1;
}
