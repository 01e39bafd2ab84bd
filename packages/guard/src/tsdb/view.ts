import type { Labels } from '../core/index.ts';
import { SampleBuffer } from '../promql/storage.ts';
import { LabelIndex } from './label-index.ts';
import type { SeriesState } from './series-state.ts';
import { Slabs } from './slabs.ts';

/** The committed state at one version. While it is held, nothing in it changes. */
export interface Snapshot {
  readonly version: number;
  /** By series id; undefined where the series does not exist (yet, or any more). */
  readonly states: ReadonlyArray<SeriesState | undefined>;
}

interface HeldSnapshot extends Snapshot {
  version: number;
  states: Array<SeriesState | undefined>;
  holders: number;
}

/** What one thread knows of the store: written by the owner's commits, or by news of them in a worker. */
export class View {
  readonly slabs = new Slabs();
  readonly index = new LabelIndex();
  /** For one chunk at a time, while it is visited. */
  readonly scratch = new SampleBuffer();
  #current: HeldSnapshot = { version: 0, states: [], holders: 0 };
  readonly #past = new Set<HeldSnapshot>();
  #removed = new Set<number>();

  get version(): number {
    return this.#current.version;
  }

  get states(): ReadonlyArray<SeriesState | undefined> {
    return this.#current.states;
  }

  acquire(): Snapshot {
    this.#current.holders++;
    return this.#current;
  }

  /** Gives a snapshot of `acquire` back, once. */
  release(snapshot: Snapshot): void {
    const held = snapshot as HeldSnapshot;
    held.holders--;
    if (held.holders > 0) return;
    this.#past.delete(held);
    this.#forgetRemoved();
  }

  /** The oldest version that somebody in this thread may still read. */
  oldestHeld(): number {
    let oldest = this.version;
    for (const { version } of this.#past) oldest = Math.min(oldest, version);
    return oldest;
  }

  /** Begins version `version`: what is set from here on belongs to it. Copies only when somebody holds the last. */
  advance(version: number): void {
    const last = this.#current;
    if (last.holders === 0) {
      last.version = version;
      return;
    }
    this.#past.add(last);
    this.#current = { version, states: last.states.slice(), holders: 0 };
  }

  /** `id` is larger than any before. */
  addSeries(id: number, labels: Labels): void {
    this.index.add(id, labels);
  }

  setState(id: number, state: SeriesState): void {
    const { states } = this.#current;
    while (states.length < id) states.push(undefined);
    states[id] = state;
  }

  removeSeries(ids: Iterable<number>): void {
    for (const id of ids) {
      this.#current.states[id] = undefined;
      this.#removed.add(id);
    }
    this.#forgetRemoved();
  }

  /** The index is shared by all snapshots of the thread: older ones must still find what they hold. */
  #forgetRemoved(): void {
    if (this.#removed.size === 0 || this.#past.size > 0) return;
    this.index.remove(this.#removed);
    this.#removed = new Set();
  }
}
