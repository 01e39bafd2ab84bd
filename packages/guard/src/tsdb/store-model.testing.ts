import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import { createVirtualClock, type Matcher, milliseconds } from '../core/index.ts';
import type { Appender } from '../promql/storage.ts';
import type { Store } from './store.ts';
import { contentOf, EPOCH, labels, match, openTestStore, type Point } from './testing.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e'];
const CHUNK = 4;

type Step =
  | {
      readonly kind: 'write';
      readonly names: readonly string[];
      readonly samples: number;
      readonly value: number;
    }
  | { readonly kind: 'delete'; readonly names: readonly string[]; readonly from: number; readonly to: number }
  /** Samples so long ago, first to last. */
  | { readonly kind: 'backfill'; readonly names: readonly string[]; readonly ago: readonly number[] }
  | { readonly kind: 'maintain' | 'reopen' | 'crash' | 'clean' }
  /** Maintenance is under way, and interrupted after so many slices by the crash. */
  | { readonly kind: 'crash in maintenance'; readonly slices: number };

const names = fc.subarray(NAMES, { minLength: 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('write' as const),
      names,
      samples: fc.integer({ min: 1, max: 20 }),
      value: fc.integer({ min: -2, max: 9 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('delete' as const),
      names,
      from: fc.integer({ min: -10, max: 400 }),
      to: fc.integer({ min: -10, max: 400 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('backfill' as const),
      names,
      ago: fc
        .tuple(
          fc.integer({ min: -2, max: 160 }),
          fc.integer({ min: 1, max: 70 }),
          fc.integer({ min: 1, max: 9 }),
        )
        .map(([first, count, step]) => Array.from({ length: count }, (_, i) => first - i * step)),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('maintain' as const, 'reopen' as const, 'crash' as const, 'clean' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('crash in maintenance' as const),
      slices: fc.integer({ min: 0, max: 3 }),
    }),
  },
);

const RETENTION = 150;

/** Shows the instant of the newest sample. Slices of maintenance hold a series or two. */
function hastyClock(now: () => number) {
  let elapsed = 0;
  return {
    ...createVirtualClock(milliseconds(EPOCH)),
    now: () => milliseconds(EPOCH + now()),
    monotonic: () => {
      elapsed += 4;
      return milliseconds(elapsed);
    },
  };
}

class World {
  /** In memory where the system has such a place: nobody pulls the plug here. */
  readonly folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'tsdb-model-'));
  generation = 0;
  store: Store;
  /** Instants after the epoch. */
  now = 0;
  readonly model = new Map<string, Point[]>();

  constructor() {
    this.store = this.open();
  }

  open(): Store {
    return openTestStore({
      directory: join(this.folder, `${this.generation}`),
      chunkSize: CHUNK,
      clock: hastyClock(() => this.now),
      retention: RETENTION,
    });
  }

  /** What a crash at this moment leaves is opened. */
  crash(): void {
    const before = this.store;
    const from = join(this.folder, `${this.generation}`);
    this.generation++;
    cpSync(from, join(this.folder, `${this.generation}`), { recursive: true });
    before.close();
    this.store = this.open();
    expect(this.store.statistics().damages).toEqual([]);
  }

  /** Takes a step and checks what the store holds then, and that a querier from before sees nothing of it. */
  async take(step: Step): Promise<void> {
    const querier = this.store.querier(0, 2 ** 50);
    const held = { querier: () => ({ ...querier, close: () => {} }) };
    const before = contentOf(held);
    await this.carryOut(step);
    this.check();
    expect(contentOf(held)).toEqual(before);
    querier.close();
  }

  async carryOut(step: Step): Promise<void> {
    switch (step.kind) {
      case 'write':
        this.write(step);
        break;
      case 'delete':
        await this.store.deleteSeries(
          step.names.map((name): Matcher[] => [match('__name__', '=', name)]),
          EPOCH + step.from,
          EPOCH + step.to,
        );
        for (const name of step.names) this.forget(name, EPOCH + step.from, EPOCH + step.to);
        break;
      case 'backfill':
        await this.backfill(step.names, step.ago);
        break;
      case 'maintain':
        await this.store.maintain();
        break;
      case 'clean':
        await this.store.cleanTombstones();
        break;
      case 'reopen':
        this.store.close();
        this.store = this.open();
        expect(this.store.statistics().damages).toEqual([]);
        break;
      case 'crash':
        this.crash();
        break;
      case 'crash in maintenance': {
        const maintained = this.store.maintain();
        for (let i = 0; i < step.slices; i++) await new Promise(resolve => setImmediate(resolve));
        this.crash();
        await maintained;
      }
    }
  }

  write({ names, samples, value }: Extract<Step, { kind: 'write' }>): void {
    const appender = this.store.appender();
    for (let i = 0; i < samples; i++) {
      this.now++;
      for (const name of names) this.append(appender, name, value === -1 ? 'stale' : this.now * value);
    }
    appender.commit();
  }

  append(appender: Appender, name: string, value: Point[1]): void {
    const at = EPOCH + this.now;
    if (value === 'stale') appender.appendStale(labels(name), at);
    else appender.append(labels(name), at, value);
    this.model.set(name, [...(this.model.get(name) ?? []), [at, value]]);
  }

  async backfill(names: readonly string[], ago: readonly number[]): Promise<void> {
    const times = ago.map(each => EPOCH + this.now - each);
    const outcomes = await this.store.backfill({
      series: names.flatMap(name => times.map(() => labels(name))),
      timestamps: names.flatMap(() => times),
      values: names.flatMap(() => times.map(at => at % 7)),
    });
    // Before it was put in, maintenance may have dropped what was too old.
    this.forgetTrimmed();
    for (const name of names) {
      const inBounds = times.filter(at => at >= EPOCH + this.now - RETENTION);
      const taken = inBounds.filter((_, i) => this.fitsIn(inBounds, i, this.model.get(name) ?? []));
      const judged = outcomes.splice(0, times.length);
      expect(times.filter((_, i) => judged[i] === 'appended')).toEqual(taken);
      const all = [...(this.model.get(name) ?? []), ...taken.map((at): Point => [at, at % 7])];
      if (all.length > 0)
        this.model.set(
          name,
          all.sort(([a], [b]) => a - b),
        );
    }
    this.now = Math.max(this.now, ...times.map(at => at - EPOCH));
  }

  /** Which of the samples that are too old are still there decides what is older than all. */
  forgetTrimmed(): void {
    const content = contentOf(this.store);
    const cutoff = EPOCH + this.now - RETENTION;
    for (const [name, all] of this.model) {
      const there = new Set((content[name] ?? []).map(([at]) => at));
      this.model.set(
        name,
        all.filter(([at]) => at >= cutoff || there.has(at)),
      );
    }
  }

  /** What is older or newer than all there are, or together with the others that are neither between two of them. */
  fitsIn(times: readonly number[], index: number, all: readonly Point[]): boolean {
    if (all.length === 0) return true;
    const [first, last] = [all[0]![0], all.at(-1)![0]];
    const isWithin = (at: number) => at >= first && at <= last;
    if (!isWithin(times[index]!)) return true;
    const within = times.filter(isWithin);
    return !all.some(([at]) => at >= within[0]! && at <= within.at(-1)!);
  }

  forget(name: string, from: number, to: number): void {
    const left = (this.model.get(name) ?? []).filter(([at]) => at < from || at > to);
    if (left.length > 0) this.model.set(name, left);
    else this.model.delete(name);
  }

  /** Older samples may be there or not. */
  recent(content: Record<string, readonly Point[]>): Record<string, readonly Point[]> {
    const cutoff = EPOCH + this.now - RETENTION;
    const series = Object.entries(content).map(
      ([name, all]) => [name, all.filter(([at]) => at >= cutoff)] as const,
    );
    return Object.fromEntries(series.filter(([, left]) => left.length > 0));
  }

  check(): void {
    const content = contentOf(this.store);
    expect(this.recent(content)).toEqual(this.recent(Object.fromEntries(this.model)));
    expect(this.store.statistics().samples).toBe(Object.values(content).flat().length);
  }

  close(): void {
    this.store.close();
    rmSync(this.folder, { recursive: true });
  }
}

/** Whatever is done to a store, and wherever it is left off in the midst of it, it holds what a list of samples would. */
export async function checkModel(numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 25, size: 'max' }), async steps => {
      const world = new World();
      try {
        for (const each of steps) await world.take(each);
      } finally {
        world.close();
      }
    }),
    { numRuns },
  );
}
