import { copyValue, grown, sameBits } from './sample-batch.ts';

/** The newest committed sample of each series, by id; main thread only. */
export class NewestSamples {
  #times = new Float64Array(256).fill(Number.NEGATIVE_INFINITY);
  #values = new Float64Array(256);

  /** -Infinity when the series has none. */
  time(id: number): number {
    return this.#times[id] ?? Number.NEGATIVE_INFINITY;
  }

  hasValue(id: number, values: Float64Array, index: number): boolean {
    return sameBits(this.#values, id, values, index);
  }

  set(id: number, timestamps: Float64Array, values: Float64Array, index: number): void {
    this.setTime(id, timestamps[index]!);
    copyValue(values, index, this.#values, id);
  }

  /** Ahead of its value, which must be set before it is compared. */
  setTime(id: number, timestamp: number): void {
    if (id >= this.#times.length) this.#grow(id);
    this.#times[id] = timestamp;
  }

  #grow(id: number): void {
    const before = this.#times.length;
    const capacity = Math.max(before * 2, id + 1);
    this.#times = grown(this.#times, capacity).fill(Number.NEGATIVE_INFINITY, before);
    this.#values = grown(this.#values, capacity);
  }
}
