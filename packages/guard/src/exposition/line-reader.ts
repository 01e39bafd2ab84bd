/** Reads an exposition line by line, so that a large one can be read in slices. */
export interface LineReader {
  /** Reads one line and hands what it holds to the visitor; false once there is none left. */
  readLine(): boolean;
}
