import type { MessagePort } from 'node:worker_threads';
import type { Head } from './head.ts';
import type { News, Receipt } from './news.ts';
import type { SeriesState } from './series-state.ts';
import { encodeStates } from './state-rows.ts';

/** Keeps reading threads informed; on the store's thread. */
export interface ReaderHub {
  /** Begins to inform the thread behind `port`, with everything there is. */
  connect(port: MessagePort): void;
  /** Posts what happened since the last call; nothing when nothing did. */
  flush(): void;
  hasReaders(): boolean;
  /** The oldest version that a reader may still read; Infinity without readers. */
  oldestHeld(): number;
  close(): void;
}

interface Reader {
  readonly port: MessagePort;
  oldestHeld: number;
}

export function createReaderHub(head: Head, onDisconnect: () => void): ReaderHub {
  const readers = new Set<Reader>();
  const { view } = head;
  let flushedVersion = view.version;

  function statesOf(ids: Iterable<number>): Float64Array {
    const states: Array<readonly [number, SeriesState]> = [];
    for (const id of ids) {
      const state = view.states[id];
      if (state) states.push([id, state]);
    }
    return encodeStates(states);
  }

  const labelsOf = (ids: readonly number[]) =>
    ids.map(id => [id, view.index.labelsOf(id).flat] as const).filter(([id]) => view.states[id]);

  function everything(): News {
    const { ids } = view.index;
    return {
      version: view.version,
      slabs: [...view.slabs.buffers.entries()],
      series: labelsOf(ids),
      states: statesOf(ids),
      removed: [],
    };
  }

  function flush(): void {
    if (view.version === flushedVersion) return;
    flushedVersion = view.version;
    const { slabs, added, changed, removed } = head.takeChanges();
    if (readers.size === 0) return;
    const news: News = {
      version: view.version,
      slabs,
      series: labelsOf(added),
      states: statesOf(changed),
      removed,
    };
    for (const { port } of readers) port.postMessage(news);
  }

  return {
    flush,
    hasReaders: () => readers.size > 0,
    connect(port) {
      flush();
      const reader: Reader = { port, oldestHeld: view.version };
      readers.add(reader);
      port.on('message', ({ oldestHeld }: Receipt) => {
        reader.oldestHeld = oldestHeld;
      });
      port.on('close', () => {
        readers.delete(reader);
        onDisconnect();
      });
      // A reader alone is no reason for the process to stay.
      port.unref();
      port.postMessage(everything());
    },
    oldestHeld() {
      let oldest = Number.POSITIVE_INFINITY;
      for (const reader of readers) oldest = Math.min(oldest, reader.oldestHeld);
      return oldest;
    },
    close() {
      for (const { port } of readers) port.close();
    },
  };
}
