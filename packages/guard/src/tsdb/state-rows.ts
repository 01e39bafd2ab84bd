import type { SeriesState } from './series-state.ts';

const WIDTH = 8;

/** States as rows of floats, for a message. */
export function encodeStates(states: ReadonlyArray<readonly [id: number, state: SeriesState]>): Float64Array {
  const rows = new Float64Array(states.length * WIDTH);
  for (const [index, [id, state]] of states.entries()) {
    const { directory, directoryRows, firstChunk, endChunk, open, openCapacity, openCount } = state;
    rows.set(
      [id, directory, directoryRows, firstChunk, endChunk, open, openCapacity, openCount],
      index * WIDTH,
    );
  }
  return rows;
}

export function* decodeStates(rows: Float64Array): Generator<readonly [id: number, state: SeriesState]> {
  for (let at = 0; at < rows.length; at += WIDTH) {
    yield [
      rows[at]!,
      {
        directory: rows[at + 1]!,
        directoryRows: rows[at + 2]!,
        firstChunk: rows[at + 3]!,
        endChunk: rows[at + 4]!,
        open: rows[at + 5]!,
        openCapacity: rows[at + 6]!,
        openCount: rows[at + 7]!,
      },
    ];
  }
}
