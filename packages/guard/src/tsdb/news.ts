/**
 * What the store's thread tells a reading thread: everything that happened since the last message, as one step.
 * Labels travel as flat arrays, since instances of classes lose their class on the way.
 */
export interface News {
  readonly version: number;
  readonly slabs: ReadonlyArray<readonly [slab: number, buffer: SharedArrayBuffer]>;
  readonly series: ReadonlyArray<readonly [id: number, labels: readonly string[]]>;
  /** Rows of `encodeStates`. */
  readonly states: Float64Array;
  readonly removed: readonly number[];
}

/** A reader's answer: nothing older than `version` is read there any more. */
export interface Receipt {
  readonly oldestHeld: number;
}
