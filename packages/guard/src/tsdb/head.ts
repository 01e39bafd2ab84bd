import type { Labels, Milliseconds } from '../core/index.ts';
import { createAllocator } from './allocator.ts';
import { createDecodeTarget, decodeChunk, encodeChunk } from './chunk-codec.ts';
import { NewestSamples } from './newest-samples.ts';
import { copyValue, type SampleBatch } from './sample-batch.ts';
import {
  ChunkRow,
  directoryBytes,
  directoryOf,
  EMPTY_STATE,
  lowerBound,
  openBytes,
  openTimestamps,
  openValues,
  type SeriesState,
  timeSpan,
} from './series-state.ts';
import type { Location } from './slabs.ts';
import { ByteWriter } from './varint.ts';
import { View } from './view.ts';

/** Open columns begin this small and double: a store of many quiet series stays small. */
const FIRST_OPEN_CAPACITY = 30;
const FIRST_DIRECTORY_ROWS = 8;

/** A sealed or copied chunk on its way to or from disk. */
export interface StoredChunk {
  readonly minTime: Milliseconds;
  readonly maxTime: Milliseconds;
  readonly count: number;
  readonly payload: Uint8Array;
}

/** What a trim dropped. */
export interface Trimmed {
  /** Series whose samples now begin at the instant given. */
  readonly beginnings: ReadonlyArray<readonly [series: number, minTime: Milliseconds]>;
  /** Series of which nothing is left. */
  readonly gone: readonly number[];
}

/** What changed since it was asked for last. */
export interface HeadChanges {
  readonly slabs: ReadonlyArray<readonly [slab: number, buffer: SharedArrayBuffer]>;
  readonly added: readonly number[];
  readonly changed: ReadonlySet<number>;
  readonly removed: readonly number[];
}

/** The store's memory, main thread only: puts committed samples into shared columns and chunks. Knows no disk. */
export interface Head {
  readonly view: View;
  readonly newest: NewestSamples;
  idOf(labels: Labels): number | undefined;
  /** The id that the next new series gets. */
  nextId(): number;
  /** Begins a version; every change below belongs to the one begun last. */
  begin(): void;
  addSeries(id: number, labels: Labels): void;
  /** Takes samples that are newer than their series' newest one. */
  append(batch: SampleBatch): void;
  /** Takes a chunk that is newer than its series' newest sample; a short one stays open for more. */
  load(id: number, chunk: StoredChunk): void;
  /** Drops chunks that ended before `cutoff`, and series of which nothing is left. */
  trim(cutoff: Milliseconds): Trimmed;
  /** Compresses the open columns of series that got nothing since `idleSince`. */
  sealIdle(idleSince: Milliseconds): void;
  /** Chunks that hold samples newer than `after`, the open one included; payloads are valid until the next chunk. */
  chunksSince(id: number, after: Milliseconds): Generator<StoredChunk>;
  takeChanges(): HeadChanges;
  /** Gives memory back that no version from `oldest` on refers to. */
  reclaim(oldest: number): void;
  readonly counts: { chunks: number; samples: number };
  usedBytes(): number;
}

interface Retired {
  readonly version: number;
  readonly location: Location;
  readonly bytes: number;
}

/** `chunkSize`: samples in a full chunk. */
export function createHead(chunkSize: number): Head {
  const view = new View();
  const { slabs } = view;
  const newest = new NewestSamples();
  const idByKey = new Map<string, number>();
  const counts = { chunks: 0, samples: 0 };
  const writer = new ByteWriter(chunkSize * 12 + 32);
  let changes = noChanges();
  let retired: Retired[] = [];
  let lastId = 0;
  const allocator = createAllocator(slabs, (slab, buffer) => changes.slabs.push([slab, buffer]));

  function setState(id: number, state: SeriesState): void {
    view.setState(id, state);
    changes.changed.add(id);
  }

  const retire = (location: Location, bytes: number) =>
    retired.push({ version: view.version, location, bytes });

  function retireOpen(state: SeriesState): void {
    if (state.openCapacity > 0) retire(state.open, openBytes(state.openCapacity));
  }

  /** The same samples with room for at least one more. */
  function withOpenRoom(state: SeriesState): SeriesState {
    const openCapacity = Math.min(chunkSize, Math.max(FIRST_OPEN_CAPACITY, state.openCapacity * 2));
    const larger = { ...state, openCapacity, open: allocator.allocate(openBytes(openCapacity)) };
    if (state.openCount > 0) {
      const { openCount } = state;
      openTimestamps(slabs, larger).set(openTimestamps(slabs, state).subarray(0, openCount));
      openValues(slabs, larger).set(openValues(slabs, state).subarray(0, openCount));
    }
    retireOpen(state);
    return larger;
  }

  /** The same chunks in a directory with room for at least one more. */
  function withDirectoryRoom(state: SeriesState): SeriesState {
    if (state.endChunk < state.directoryRows) return state;
    const live = state.endChunk - state.firstChunk;
    const directoryRows = Math.max(FIRST_DIRECTORY_ROWS, live * 2);
    const directory = allocator.allocate(directoryBytes(directoryRows));
    const larger = { ...state, directory, directoryRows, firstChunk: 0, endChunk: live };
    if (state.directoryRows > 0) {
      const { width } = ChunkRow;
      const rows = directoryOf(slabs, state);
      directoryOf(slabs, larger).set(rows.subarray(state.firstChunk * width, state.endChunk * width));
      retire(state.directory, directoryBytes(state.directoryRows));
    }
    return larger;
  }

  function withChunk(before: SeriesState, chunk: StoredChunk): SeriesState {
    const state = withDirectoryRoom(before);
    const location = allocator.allocate(chunk.payload.length);
    slabs.bytesOf(location).set(chunk.payload, slabs.offsetOf(location));
    const rows = directoryOf(slabs, state);
    const base = state.endChunk * ChunkRow.width;
    rows[base + ChunkRow.minTime] = chunk.minTime;
    rows[base + ChunkRow.maxTime] = chunk.maxTime;
    rows[base + ChunkRow.location] = location;
    rows[base + ChunkRow.bytes] = chunk.payload.length;
    rows[base + ChunkRow.count] = chunk.count;
    counts.chunks++;
    return { ...state, endChunk: state.endChunk + 1 };
  }

  function encodeOpen(state: SeriesState): StoredChunk {
    const timestamps = openTimestamps(slabs, state);
    const count = state.openCount;
    const payload = encodeChunk(timestamps, openValues(slabs, state), count, writer);
    return { minTime: timestamps[0]!, maxTime: timestamps[count - 1]!, count, payload };
  }

  function sealed(state: SeriesState): SeriesState {
    const withSealed = withChunk(state, encodeOpen(state));
    retireOpen(state);
    return { ...withSealed, open: 0, openCapacity: 0, openCount: 0 };
  }

  /**
   * Series that were born together would all be full in the same commit; a shorter first chunk spreads the work.
   */
  const fullAt = (id: number, state: SeriesState) =>
    state.endChunk === 0 ? Math.ceil(chunkSize / 2) + (id % Math.ceil(chunkSize / 2)) : chunkSize;

  function appendOne(id: number, timestamps: Float64Array, values: Float64Array, index: number): void {
    let state = view.states[id] ?? EMPTY_STATE;
    if (state.openCount >= fullAt(id, state)) state = sealed(state);
    if (state.openCount === state.openCapacity) state = withOpenRoom(state);
    const at = state.openCount;
    openTimestamps(slabs, state)[at] = timestamps[index]!;
    copyValue(values, index, openValues(slabs, state), at);
    newest.set(id, timestamps, values, index);
    counts.samples++;
    setState(id, { ...state, openCount: at + 1 });
  }

  function dropChunksBefore(state: SeriesState, cutoff: number): SeriesState {
    const { firstChunk, endChunk } = state;
    if (endChunk === firstChunk) return state;
    const rows = directoryOf(slabs, state);
    const { width } = ChunkRow;
    const keep = lowerBound(rows, cutoff, firstChunk, endChunk, width, ChunkRow.maxTime);
    for (let row = firstChunk; row < keep; row++) {
      retire(rows[row * width + ChunkRow.location]!, rows[row * width + ChunkRow.bytes]!);
      counts.samples -= rows[row * width + ChunkRow.count]!;
      counts.chunks--;
    }
    return keep === firstChunk ? state : { ...state, firstChunk: keep };
  }

  function forget(id: number, state: SeriesState): void {
    if (state.directoryRows > 0) retire(state.directory, directoryBytes(state.directoryRows));
    retireOpen(state);
    counts.samples -= state.openCount;
    idByKey.delete(view.index.labelsOf(id).key);
    changes.changed.delete(id);
    changes.removed.push(id);
  }

  return {
    view,
    newest,
    counts,
    idOf: labels => idByKey.get(labels.key),
    nextId: () => lastId + 1,
    begin: () => view.advance(view.version + 1),
    addSeries(id, labels) {
      lastId = id;
      idByKey.set(labels.key, id);
      view.addSeries(id, labels);
      setState(id, EMPTY_STATE);
      changes.added.push(id);
    },
    append({ count, ids, timestamps, values }) {
      for (let i = 0; i < count; i++) appendOne(ids[i]!, timestamps, values, i);
    },
    load(id, chunk) {
      const target = createDecodeTarget(chunk.count);
      decodeChunk(chunk.payload, 0, chunk.count, target, 0);
      const { timestamps, values } = target;
      let state = view.states[id] ?? EMPTY_STATE;
      if (state.openCount > 0) state = sealed(state);
      if (chunk.count < fullAt(id, state)) {
        setState(id, state);
        for (let i = 0; i < chunk.count; i++) appendOne(id, timestamps, values, i);
        return;
      }
      newest.set(id, timestamps, values, chunk.count - 1);
      counts.samples += chunk.count;
      setState(id, withChunk(state, chunk));
    },
    trim(cutoff) {
      const gone: number[] = [];
      const beginnings: Array<readonly [number, Milliseconds]> = [];
      for (const id of view.index.ids) {
        const before = view.states[id];
        if (!before) continue;
        const state = dropChunksBefore(before, cutoff);
        const span = timeSpan(slabs, state);
        if (span === undefined || span.max < cutoff) {
          forget(id, state);
          gone.push(id);
        } else if (state !== before) {
          setState(id, state);
          beginnings.push([id, span.min]);
        }
      }
      view.removeSeries(gone);
      return { beginnings, gone };
    },
    sealIdle(idleSince) {
      for (const id of view.index.ids) {
        const state = view.states[id];
        if (!state || state.openCount === 0 || newest.time(id) >= idleSince) continue;
        setState(id, sealed(state));
      }
    },
    *chunksSince(id, after) {
      const state = view.states[id];
      if (!state) return;
      if (state.endChunk > state.firstChunk) {
        const rows = directoryOf(slabs, state);
        const { width } = ChunkRow;
        const from = lowerBound(rows, after + 1, state.firstChunk, state.endChunk, width, ChunkRow.maxTime);
        for (let row = from; row < state.endChunk; row++) yield storedChunk(rows, row * width);
      }
      if (state.openCount > 0 && newest.time(id) > after) yield encodeOpen(state);
    },
    takeChanges() {
      const taken = changes;
      changes = noChanges();
      return taken;
    },
    reclaim(oldest) {
      const kept: Retired[] = [];
      for (const piece of retired) {
        if (piece.version <= oldest) allocator.free(piece.location, piece.bytes);
        else kept.push(piece);
      }
      retired = kept;
    },
    usedBytes: () => allocator.usedBytes(),
  };

  function storedChunk(rows: Float64Array, base: number): StoredChunk {
    const location = rows[base + ChunkRow.location]!;
    const offset = slabs.offsetOf(location);
    return {
      minTime: rows[base + ChunkRow.minTime]!,
      maxTime: rows[base + ChunkRow.maxTime]!,
      count: rows[base + ChunkRow.count]!,
      payload: slabs.bytesOf(location).subarray(offset, offset + rows[base + ChunkRow.bytes]!),
    };
  }
}

function noChanges() {
  return {
    slabs: [] as Array<readonly [number, SharedArrayBuffer]>,
    added: [] as number[],
    changed: new Set<number>(),
    removed: [] as number[],
  };
}
