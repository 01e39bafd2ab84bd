import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createVirtualClock, type Matcher, milliseconds } from '../core/index.ts';
import type { Appender } from '../promql/storage.ts';
import type { Store } from './store.ts';
import { contentOf, EPOCH, labels, match, openTestStore, type Point } from './testing.ts';

/*
 * Whatever is done to a store, and wherever it is left off in the midst of it, it holds what a list of samples would.
 */
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

  async take(step: Step): Promise<void> {
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

describe('a store', () => {
  it('holds what was written and not deleted, through maintenance, crashes and reopening', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 25, size: 'max' }), async steps => {
        const world = new World();
        try {
          for (const each of steps) {
            await world.take(each);
            world.check();
          }
        } finally {
          world.close();
        }
      }),
      { numRuns: 40 },
    );
  });
});
