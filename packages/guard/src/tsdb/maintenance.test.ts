import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import { createVirtualClock, milliseconds } from '../core/index.ts';
import type { Store } from './store.ts';
import { contentOf, EPOCH, labels, openTestStore, write } from './testing.ts';

const folders: string[] = [];
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tsdb-maintenance-'));
  folders.push(folder);
  return folder;
}
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const HOUR = 3_600_000;

/** An hour of one series, a sample every 10 s, values that compress to some 6 bytes each. */
function writeHour(store: Store, name: string, hour: number): void {
  const appender = store.appender();
  for (let i = 0; i < 360; i++)
    appender.append(labels(name), EPOCH + hour * HOUR + i * 10_000, Math.sqrt(hour * 360 + i));
  appender.commit();
}

describe('retention', () => {
  it('drops chunks that are too old, forgets series without samples, on disk too, and reuses the memory', async () => {
    const directory = newFolder();
    const clock = createVirtualClock(milliseconds(EPOCH));
    const store = openTestStore({ directory, clock, chunkSize: 10, retention: 100_000 });
    write(store, EPOCH, { ended: 1 });
    let peak = 0;
    for (let i = 0; i < 1000; i++) {
      write(store, clock.now(), { a: i, b: i * 0.1 });
      if (i % 50 === 0) await store.maintain();
      if (i === 300) peak = store.statistics().reservedBytes;
      await clock.advance(1000);
    }
    await store.maintain();
    const { series, samples, minTime, reservedBytes } = store.statistics();
    expect(series).toBe(2);
    expect(samples).toBeLessThan(2 * 115);
    expect(minTime).toBeGreaterThanOrEqual(clock.now() - 111_000);
    expect(reservedBytes).toBe(peak);
    const content = contentOf(store);
    store.close();
    const again = openTestStore({ directory, clock, chunkSize: 10, retention: 100_000 });
    expect(contentOf(again)).toEqual(content);
    again.close();
  });

  it('takes a series up again that had been dropped', async () => {
    const clock = createVirtualClock(milliseconds(EPOCH));
    const store = openTestStore({ directory: newFolder(), clock, retention: 1000 });
    write(store, EPOCH, { a: 1 });
    const straddling = store.appender();
    straddling.append(labels('a'), EPOCH + 500, 2);
    await clock.advance(5000);
    write(store, EPOCH + 5000, { b: 1 });
    await store.maintain();
    expect(contentOf(store)).toEqual({ b: [[EPOCH + 5000, 1]] });
    straddling.commit();
    write(store, EPOCH + 5000, { a: 3 });
    expect(contentOf(store)).toMatchObject({
      a: [
        [EPOCH + 500, 2],
        [EPOCH + 5000, 3],
      ],
    });
    store.close();
  });
});

describe('retention by size', () => {
  it('drops the oldest chunks until what is in use is below the limit, and says so', async () => {
    const directory = newFolder();
    const clock = createVirtualClock(milliseconds(EPOCH));
    const registry = new Registry();
    const retentionBytes = 400_000;
    const store = openTestStore({ directory, clock, registry, retentionBytes });
    for (let hour = 0; hour < 400; hour++) {
      await clock.advance(HOUR);
      writeHour(store, `a${hour % 2}`, hour);
      if (hour % 10 === 0) await store.maintain();
    }
    await store.maintain();
    const { diskBytes, minTime, samples } = store.statistics();
    expect(diskBytes).toBeLessThan(3 * retentionBytes);
    expect(samples).toBeGreaterThan(30_000);
    expect(samples).toBeLessThan(70_000);
    // Both series go back as far.
    const oldest = Object.values(contentOf(store)).map(points => points[0]![0]);
    expect(Math.max(...oldest) - minTime!).toBeLessThan(12 * HOUR);
    const text = await registry.metrics();
    expect(text).toContain(`prometheus_tsdb_retention_limit_bytes ${retentionBytes}`);
    expect(text).toMatch(/prometheus_tsdb_size_retentions_total [1-9]/);
    expect(text).toContain('prometheus_tsdb_time_retentions_total 0');
    const content = contentOf(store);
    store.close();
    const again = openTestStore({ directory, clock });
    expect(contentOf(again)).toEqual(content);
    expect(again.statistics().damages).toEqual([]);
    again.close();
  });

  it('never drops the last two hours', async () => {
    const clock = createVirtualClock(milliseconds(EPOCH));
    const store = openTestStore({ directory: newFolder(), clock, retentionBytes: 1 });
    for (let hour = 0; hour < 10; hour++) {
      await clock.advance(HOUR);
      writeHour(store, 'a', hour);
    }
    await store.maintain();
    const { minTime, maxTime } = store.statistics();
    expect(maxTime! - minTime!).toBeGreaterThanOrEqual(2 * HOUR);
    expect(maxTime! - minTime!).toBeLessThan(5 * HOUR);
    store.close();
  });
});

describe('the machine’s clock', () => {
  it('set ahead deletes nothing before samples follow it', async () => {
    const clock = createVirtualClock(milliseconds(EPOCH));
    const store = openTestStore({ clock, retention: 10 * HOUR });
    for (let hour = 0; hour < 9; hour++) writeHour(store, 'a', hour - 9);
    await clock.advance(24 * HOUR);
    await store.maintain();
    expect(store.statistics().samples).toBe(9 * 360);
    write(store, clock.now(), { a: 1 });
    await store.maintain();
    expect(store.statistics().samples).toBeLessThan(2 * 360);
  });

  it('set back has samples refused until it has caught up, and keeps all that there are', async () => {
    let shift = 0;
    const clock = createVirtualClock(milliseconds(EPOCH));
    const shifted = { ...clock, now: () => milliseconds(clock.now() + shift) };
    const store = openTestStore({ clock: shifted, retention: HOUR });
    write(store, EPOCH, { a: 1 });
    shift = -HOUR;
    write(store, EPOCH - HOUR + 1000, { a: 2, b: 2 });
    await store.maintain();
    expect(contentOf(store)).toEqual({ a: [[EPOCH, 1]], b: [[EPOCH - HOUR + 1000, 2]] });
    await clock.advance(HOUR + 1000);
    write(store, EPOCH + 1000, { a: 3 });
    expect(contentOf(store).a).toEqual([
      [EPOCH, 1],
      [EPOCH + 1000, 3],
    ]);
  });
});

describe('maintenance', () => {
  it('stores the log once it is old enough', async () => {
    const clock = createVirtualClock(milliseconds(EPOCH));
    const store = openTestStore({ directory: newFolder(), clock, checkpointInterval: HOUR });
    write(store, EPOCH, { a: 1 });
    await store.maintain();
    expect(store.statistics().logBytes).toBeGreaterThan(0);
    await clock.advance(HOUR);
    await store.maintain();
    expect(store.statistics().logBytes).toBe(0);
    store.close();
  });

  it('lets others run between slices, and keeps what they write', async () => {
    let elapsed = 0;
    const clock = {
      ...createVirtualClock(milliseconds(EPOCH)),
      monotonic: () => {
        elapsed += 3;
        return milliseconds(elapsed);
      },
    };
    const directory = newFolder();
    const store = openTestStore({ directory, clock });
    const names = Array.from({ length: 40 }, (_, i) => `series_${i}`);
    const writeAll = (at: number) => write(store, at, Object.fromEntries(names.map(name => [name, at])));
    writeAll(EPOCH);
    let turns = 0;
    let finished = false;
    const maintained = store.maintain().finally(() => {
      finished = true;
    });
    while (!finished) {
      await new Promise(resolve => setImmediate(resolve));
      turns++;
      writeAll(EPOCH + turns);
    }
    await maintained;
    expect(turns).toBeGreaterThan(10);
    expect(store.statistics().logBytes).toBeGreaterThan(0);
    const content = contentOf(store);
    store.close();
    const again = openTestStore({ directory });
    expect(contentOf(again)).toEqual(content);
    again.close();
  });

  it('ends with the store', async () => {
    const store = openTestStore({ directory: newFolder() });
    write(store, EPOCH, { a: 1 });
    const maintained = store.maintain();
    store.close();
    await maintained;
    await store.maintain();
  });
});
