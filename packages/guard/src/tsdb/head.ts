import type { Labels, Milliseconds } from '../core/index.ts';
import { SampleBuffer } from '../promql/storage.ts';
import { createAllocator } from './allocator.ts';
import { decodeChunk } from './chunk-codec.ts';
import { NewestSamples } from './newest-samples.ts';
import { copyValue, type SampleBatch } from './sample-batch.ts';
import { type ChunkRange, createSeriesEdits, type Insertion } from './series-edits.ts';
import { createSeriesMemory, type StoredChunk } from './series-memory.ts';
import { ChunkRow, chunkField, EMPTY_STATE, type SeriesState, timeSpan } from './series-state.ts';
import type { Location } from './slabs.ts';
import { View } from './view.ts';

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
  /** To be called after the last `load`, before anything is appended. */
  finishLoading(): void;
  /** A chunk where it belongs in time; false when it overlaps what is there. */
  insert(id: number, chunk: StoredChunk): boolean;
  /** Whether a series has samples that no chunk holds. */
  hasOpen(id: number): boolean;
  /** Compresses the open columns of a series. */
  seal(id: number): void;
  /** What putting a run of samples into a series takes; see `SeriesEdits`. */
  planInsertion(id: number, samples: SampleBuffer, count: number): Insertion;
  /** Carries a plan out, once nothing has changed the series since. */
  insertRun(id: number, samples: SampleBuffer, count: number, plan: Insertion): void;
  /** The oldest and newest sample of a series; undefined when it has none. */
  span(id: number): { min: Milliseconds; max: Milliseconds } | undefined;
  /** Tells of each sealed chunk of a series when it ends and how large it is. */
  visitSizes(id: number, visit: (maxTime: Milliseconds, bytes: number) => void): void;
  /** Drops the chunks of a series that ended before `cutoff`; answers which were there. */
  trim(id: number, cutoff: Milliseconds): ChunkRange | undefined;
  /** Drops samples of a series, bounds inclusive; answers which chunks are others now. */
  deleteRange(id: number, from: Milliseconds, to: Milliseconds): ChunkRange | undefined;
  /** Takes series out that have no sealed chunks. */
  remove(ids: readonly number[]): void;
  /** Compresses the open columns of a series that got nothing since `idleSince`. */
  sealIdle(id: number, idleSince: Milliseconds): void;
  /** Joins a series' short chunks into long ones; answers the instant from which on its chunks are others now. */
  join(id: number): Milliseconds | undefined;
  /** When the first chunk begins, the open one included, that holds samples newer than `after`. */
  firstStartSince(id: number, after: Milliseconds): Milliseconds | undefined;
  /** Chunks that begin within `[from, to]`, the open one included; payloads are valid until the next chunk. */
  chunksWithin(id: number, from: Milliseconds, to: Milliseconds): Generator<StoredChunk>;
  takeChanges(): HeadChanges;
  /** Memory that waits to be given back. */
  retiredBytes(): number;
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

/** Pieces of memory that loading leaves behind before they are used again. */
const LOADED_PIECES = 1000;

/** `chunkSize`: samples in a full chunk. */
export function createHead(chunkSize: number): Head {
  const view = new View();
  const { slabs } = view;
  const newest = new NewestSamples();
  const idByKey = new Map<string, number>();
  let changes = noChanges();
  /** In the order of their versions. */
  const retired: Retired[] = [];
  let retiredBytes = 0;
  let lastId = 0;
  const allocator = createAllocator(slabs, (slab, buffer) => changes.slabs.push([slab, buffer]));
  const memory = createSeriesMemory(slabs, allocator, chunkSize, (location, bytes) => {
    retired.push({ version: view.version, location, bytes });
    retiredBytes += bytes;
  });
  const edits = createSeriesEdits(slabs, memory);
  const { counts } = memory;
  /** Series whose newest sample lies in a sealed chunk that was not decoded yet. */
  const unread = new Set<number>();
  const loaded = new SampleBuffer();

  const stateOf = (id: number) => view.states[id] ?? EMPTY_STATE;

  function setState(id: number, state: SeriesState): void {
    view.setState(id, state);
    changes.changed.add(id);
  }

  function appendOne(id: number, timestamps: Float64Array, values: Float64Array, index: number): void {
    const state = memory.withRoom(id, view.states[id] ?? EMPTY_STATE);
    const floats = slabs.floatsOf(state.open);
    const at = slabs.indexOf(state.open) + state.openCount;
    floats[at] = timestamps[index]!;
    copyValue(values, index, floats, at + state.openCapacity);
    newest.set(id, timestamps, values, index);
    counts.samples++;
    setState(id, { ...state, openCount: state.openCount + 1 });
  }

  /** Most chunks need not be decoded on loading: the newest sample of all is in the last one. */
  function readNewest(id: number): void {
    const state = view.states[id]!;
    const last = memory.chunkAt(state, state.endChunk - 1);
    const { timestamps, values } = decoded(last);
    newest.set(id, timestamps, values, last.count - 1);
  }

  /** Used again by the next call. */
  function decoded({ payload, count }: StoredChunk): SampleBuffer {
    decodeChunk(payload, 0, count, loaded.reserve(count), 0);
    return loaded;
  }

  function reclaim(oldest: number): void {
    let freed = 0;
    for (const { version, location, bytes } of retired) {
      if (version > oldest) break;
      allocator.free(location, bytes);
      retiredBytes -= bytes;
      freed++;
    }
    if (freed > 0) retired.splice(0, freed);
  }

  function forget(id: number, state: SeriesState): void {
    memory.dispose(state);
    const { key } = view.index.labelsOf(id);
    if (idByKey.get(key) === id) idByKey.delete(key);
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
      const before = view.states[id] ?? EMPTY_STATE;
      const state = before.openCount > 0 ? memory.sealed(before) : before;
      setState(id, state);
      if (memory.isFull(id, state, chunk.count)) {
        newest.setTime(id, chunk.maxTime);
        unread.add(id);
        counts.samples += chunk.count;
        setState(id, memory.withChunk(state, chunk));
      } else {
        const { timestamps, values } = decoded(chunk);
        setState(id, memory.withOpen(state, loaded, chunk.count));
        newest.set(id, timestamps, values, chunk.count - 1);
        unread.delete(id);
      }
      // Nobody reads yet.
      if (retired.length > LOADED_PIECES) reclaim(view.version);
    },
    finishLoading() {
      for (const id of unread) readNewest(id);
      unread.clear();
    },
    insert(id, chunk) {
      const edited = edits.withInserted(stateOf(id), chunk);
      if (edited) setState(id, edited.state);
      return edited !== undefined;
    },
    hasOpen: id => stateOf(id).openCount > 0,
    seal(id) {
      const state = stateOf(id);
      if (state.openCount > 0) setState(id, memory.sealed(state));
    },
    planInsertion: (id, samples, count) => edits.planInsertion(stateOf(id), samples, count),
    insertRun(id, { timestamps, values }, count, { pieces }) {
      setState(id, memory.withPieces(stateOf(id), pieces));
      if (timestamps[count - 1]! > newest.time(id)) newest.set(id, timestamps, values, count - 1);
    },
    span: id => timeSpan(slabs, stateOf(id)),
    visitSizes(id, visit) {
      const state = stateOf(id);
      for (let row = state.firstChunk; row < state.endChunk; row++)
        visit(chunkField(slabs, state, row, ChunkRow.maxTime), chunkField(slabs, state, row, ChunkRow.bytes));
    },
    trim(id, cutoff) {
      const before = stateOf(id);
      const state = memory.withoutChunksBefore(before, cutoff);
      if (state === before) return undefined;
      setState(id, state);
      return {
        from: chunkField(slabs, before, before.firstChunk, ChunkRow.minTime),
        to: chunkField(slabs, before, state.firstChunk - 1, ChunkRow.minTime),
      };
    },
    deleteRange(id, from, to) {
      const edited = edits.withoutRange(stateOf(id), from, to);
      if (edited) setState(id, edited.state);
      return edited?.changed;
    },
    remove(ids) {
      for (const id of ids) forget(id, stateOf(id));
      view.removeSeries(ids);
    },
    sealIdle(id, idleSince) {
      const state = stateOf(id);
      if (state.openCount > 0 && newest.time(id) < idleSince) setState(id, memory.sealed(state));
    },
    join(id) {
      const joined = memory.joined(stateOf(id));
      if (joined) setState(id, joined.state);
      return joined?.since;
    },
    firstStartSince: (id, after) => memory.firstStartSince(stateOf(id), after),
    chunksWithin: (id, from, to) => memory.chunksWithin(stateOf(id), from, to),
    takeChanges() {
      const taken = changes;
      changes = noChanges();
      return taken;
    },
    reclaim,
    retiredBytes: () => retiredBytes,
    usedBytes: () => allocator.usedBytes(),
  };
}

function noChanges() {
  return {
    slabs: [] as Array<readonly [number, SharedArrayBuffer]>,
    added: [] as number[],
    changed: new Set<number>(),
    removed: [] as number[],
  };
}
