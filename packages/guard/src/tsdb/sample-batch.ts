import { writeStaleAt } from '../promql/storage.ts';

/** Samples of several series in the order they were appended, as columns; `count` of each belong to the batch. */
export interface SampleBatch {
  readonly count: number;
  readonly ids: ArrayLike<number>;
  readonly timestamps: Float64Array;
  /** Carried as bits: a staleness marker never passes through a number. */
  readonly values: Float64Array;
}

/** The two words of the value at `index`, to compare bits. */
export function sameBits(a: Float64Array, i: number, b: Float64Array, j: number): boolean {
  if (a[i] !== b[j] && !(Number.isNaN(a[i]) && Number.isNaN(b[j]))) return false;
  const x = new Uint32Array(a.buffer, a.byteOffset + i * 8, 2);
  const y = new Uint32Array(b.buffer, b.byteOffset + j * 8, 2);
  return x[0] === y[0] && x[1] === y[1];
}

/** Copies one value bit by bit. */
export function copyValue(from: Float64Array, i: number, to: Float64Array, j: number): void {
  const value = from[i]!;
  // Only a NaN has bits that a number may lose.
  if (Number.isNaN(value)) to.set(from.subarray(i, i + 1), j);
  else to[j] = value;
}

/** The highest and lowest 32 bits of an ordinary NaN (value.NormalNaN of Prometheus). */
const NORMAL_NAN = new Float64Array(new BigUint64Array([0x7ff8000000000001n]).buffer);

/** A growing pair of columns. */
export class SampleColumns {
  timestamps = new Float64Array(64);
  values = new Float64Array(64);
  count = 0;

  /** Every NaN becomes the ordinary one: which NaN a number holds is not observable. */
  push(timestamp: number, value: number): void {
    this.#reserve();
    this.timestamps[this.count] = timestamp;
    if (Number.isNaN(value)) this.values.set(NORMAL_NAN, this.count);
    else this.values[this.count] = value;
    this.count++;
  }

  pushStale(timestamp: number): void {
    this.#reserve();
    this.timestamps[this.count] = timestamp;
    writeStaleAt(this.values, this.count);
    this.count++;
  }

  pop(): void {
    this.count--;
  }

  #reserve(): void {
    if (this.count < this.timestamps.length) return;
    this.timestamps = grown(this.timestamps);
    this.values = grown(this.values);
  }
}

export function grown(column: Float64Array, capacity = column.length * 2): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(capacity);
  larger.set(column);
  return larger;
}
