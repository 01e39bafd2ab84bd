/** Something on disk that was not as it was written. What could be read around it is in the store. */
export interface Damage {
  /**
   * `file`: the whole database was set aside. `missing`: transactions that had been acknowledged are not there.
   * The others name the table of the row that was set aside.
   */
  readonly kind: 'file' | 'missing' | 'series' | 'chunk' | 'log' | 'checkpoint';
  /** What identifies it: a path, an id, sequence numbers. */
  readonly key: string;
  readonly reason: string;
}
