import type { Labels, Milliseconds } from '../core/index.ts';
import { SampleBuffer } from '../promql/storage.ts';
import { createAllocator } from './allocator.ts';
import { decodeChunk } from './chunk-codec.ts';
import { NewestSamples } from './newest-samples.ts';
import { copyValue, type SampleBatch } from './sample-batch.ts';
import { createSeriesMemory, type StoredChunk } from './series-memory.ts';
import { EMPTY_STATE, type SeriesState, timeSpan } from './series-state.ts';
import type { Location } from './slabs.ts';
import { View } from './view.ts';

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
  /** To be called after the last `load`, before anything is appended. */
  finishLoading(): void;
  /** Drops chunks that ended before `cutoff`, and series of which nothing is left. */
  trim(cutoff: Milliseconds): Trimmed;
  /** Compresses the open columns of series that got nothing since `idleSince`. */
  sealIdle(idleSince: Milliseconds): void;
  /** Joins a series' short chunks into long ones; answers the instant from which on its chunks are others now. */
  join(id: number): Milliseconds | undefined;
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
  let changes = noChanges();
  let retired: Retired[] = [];
  let lastId = 0;
  const allocator = createAllocator(slabs, (slab, buffer) => changes.slabs.push([slab, buffer]));
  const memory = createSeriesMemory(slabs, allocator, chunkSize, (location, bytes) =>
    retired.push({ version: view.version, location, bytes }),
  );
  const { counts } = memory;
  /** Series whose newest sample lies in a sealed chunk that was not decoded yet. */
  const unread = new Set<number>();

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
    const last = memory.lastChunk(view.states[id]!);
    const { timestamps, values } = decoded(last);
    newest.set(id, timestamps, values, last.count - 1);
  }

  function forget(id: number, state: SeriesState): void {
    memory.dispose(state);
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
        for (let i = 0; i < chunk.count; i++) appendOne(id, timestamps, values, i);
        unread.delete(id);
      }
    },
    finishLoading() {
      for (const id of unread) readNewest(id);
      unread.clear();
    },
    trim(cutoff) {
      const gone: number[] = [];
      const beginnings: Array<readonly [number, Milliseconds]> = [];
      for (const id of view.index.ids) {
        const before = view.states[id];
        if (!before) continue;
        const state = memory.withoutChunksBefore(before, cutoff);
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
        setState(id, memory.sealed(state));
      }
    },
    join(id) {
      const joined = memory.joined(view.states[id] ?? EMPTY_STATE);
      if (joined) setState(id, joined.state);
      return joined?.since;
    },
    chunksSince: (id, after) => memory.chunksSince(view.states[id] ?? EMPTY_STATE, after),
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
}

function decoded({ payload, count }: StoredChunk): SampleBuffer {
  const target = new SampleBuffer().reserve(count);
  decodeChunk(payload, 0, count, target, 0);
  return target;
}

function noChanges() {
  return {
    slabs: [] as Array<readonly [number, SharedArrayBuffer]>,
    added: [] as number[],
    changed: new Set<number>(),
    removed: [] as number[],
  };
}
