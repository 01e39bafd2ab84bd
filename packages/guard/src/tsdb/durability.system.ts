import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRng } from '../core/index.ts';
import { decodeChunkRecord } from './chunk-record.ts';
import { auditLedger, ledgerSeries, openLedgerStore, writeLedger } from './ledger.testing.ts';
import type { Store } from './store.ts';

const PAGE_SIZE = 8192;
const WRITER = new URL('./crash-writer.testing.ts', import.meta.url).pathname;
let folder: string;
let child: ChildProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tsdb-crash-'));
});
afterEach(() => {
  child?.kill('SIGKILL');
  child = undefined;
  rmSync(folder, { recursive: true });
});

/** Starts a writer; `onLine` returns true to have it killed at once. Resolves with the lines when it is gone. */
async function runWriter(start: () => ChildProcess, onLine: (line: string) => boolean): Promise<string[]> {
  const writer = start();
  child = writer;
  const lines: string[] = [];
  createInterface({ input: writer.stdout! }).on('line', line => {
    lines.push(line);
    if (onLine(line)) writer.kill('SIGKILL');
  });
  await once(writer, 'close');
  return lines;
}

const nodeWriter = (directory: string) => () =>
  spawn(process.execPath, [WRITER, directory], { stdio: ['ignore', 'pipe', 'inherit'] });

const lastNumber = (lines: readonly string[]) => Number(lines.filter(line => /^\d+$/.test(line)).at(-1) ?? 0);

describe('a store whose process is killed', () => {
  it('has every acknowledged sample, in 60 rounds at any moment', async () => {
    const rng = createRng(20_260_101);
    const directory = join(folder, 'store');
    let acknowledged = 0;
    for (let round = 0; round < 60; round++) {
      const lifetime = 1 + rng.integer(40);
      const before = acknowledged;
      const lines = await runWriter(nodeWriter(directory), line => Number(line) >= before + lifetime);
      acknowledged = Math.max(acknowledged, lastNumber(lines));
      const store = openLedgerStore(directory);
      expect(store.statistics().damages).toEqual([]);
      const until = store.statistics().maxTime ?? 0;
      expect(until).toBeGreaterThanOrEqual(acknowledged);
      expect(auditLedger(store, until)).toEqual({ wrong: [], missing: 0 });
      // Every other time the next writer has to cope with what the killed one left, and a reopening left.
      acknowledged = until;
      if (round % 2 === 0) store.close();
      else copyAway(store, directory);
    }
    expect(acknowledged).toBeGreaterThan(500);
  });

  it('refuses while the disk is full, shows nothing of it, and goes on when there is room', async () => {
    const directory = join(folder, 'store');
    // The shell's soft limit on file size stands for a full disk: 300 blocks of 1 KiB.
    const limited = () =>
      spawn(
        'bash',
        ['-c', 'ulimit -S -f 300; exec "$0" "$@"', process.execPath, WRITER, directory, '1000000'],
        {
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      );
    let refusals = 0;
    let last = 0;
    const lines = await runWriter(limited, line => {
      if (line === 'store-read-only' && ++refusals === 5)
        spawnSync('prlimit', ['--pid', `${child!.pid}`, '--fsize=unlimited']);
      if (refusals === 0) last = Number(line);
      return refusals >= 5 && Number(line) >= last + 20;
    });
    const told = new Set(lines.filter(line => !/^\d+$/.test(line)));
    expect(told).toEqual(new Set(['ready', 'store-read-only']));
    const store = openLedgerStore(directory);
    expect(auditLedger(store, lastNumber(lines))).toEqual({ wrong: [], missing: 0 });
    store.close();
  });
});

/** Closes the store but leaves its directory as a crash would have left it. */
function copyAway(store: Store, directory: string): void {
  cpSync(directory, `${directory}.copy`, { recursive: true });
  store.close();
  rmSync(directory, { recursive: true });
  cpSync(`${directory}.copy`, directory, { recursive: true });
  rmSync(`${directory}.copy`, { recursive: true });
}

/** A directory with chunks and a log of 30 transactions, its write-ahead log of SQLite folded in or not. */
async function crashedStore(name: string, isFolded: boolean): Promise<string> {
  const directory = join(folder, name);
  const store = openLedgerStore(directory);
  writeLedger(store, 1, 100);
  await store.maintain();
  writeLedger(store, 101, 130);
  copyAway(store, directory);
  if (isFolded) {
    const database = new DatabaseSync(join(directory, 'samples.db'));
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    database.close();
  }
  return directory;
}

function inspect(directory: string): { damages: string[]; wrong: string[]; missing: number } {
  const errors: string[] = [];
  const store = openLedgerStore(directory, {
    debug() {},
    info() {},
    warn() {},
    error: (_, text) => errors.push(text),
  });
  const damages = store.statistics().damages.map(({ kind }) => kind);
  expect(errors.length).toBeGreaterThanOrEqual(damages.length);
  const audit = auditLedger(store, 130);
  // It still works, and does not find the same damage twice.
  if ((store.statistics().maxTime ?? 0) < 200) writeLedger(store, 200, 205);
  store.close();
  const again = openLedgerStore(directory);
  expect(again.statistics().damages).toEqual([]);
  expect(auditLedger(again, 130)).toEqual(audit);
  again.close();
  return { damages, ...audit };
}

function flipBit(file: string, offset: number, bit = 0): void {
  const bytes = readFileSync(file);
  bytes[offset]! ^= 1 << bit;
  writeFileSync(file, bytes);
}

/** Flips a bit in every copy of what is read: the file keeps stale ones in its free space. */
function flipContent(directory: string, read: (database: DatabaseSync) => Uint8Array | string): void {
  const file = join(directory, 'samples.db');
  const database = new DatabaseSync(file);
  const content = read(database);
  database.close();
  const bytes = readFileSync(file);
  expect(bytes.indexOf(content)).toBeGreaterThan(0);
  for (let at = bytes.indexOf(content); at >= 0; at = bytes.indexOf(content)) bytes[at + 5]! ^= 1;
  writeFileSync(file, bytes);
}

const logRow = (database: DatabaseSync) =>
  database.prepare('SELECT payload FROM log WHERE sequence = 110').get()!.payload as Uint8Array;
const seriesRow = (database: DatabaseSync) =>
  database.prepare('SELECT labels FROM series WHERE id = 5').get()!.labels as string;
const chunkRow = (database: DatabaseSync) => {
  const records = database
    .prepare('SELECT record FROM tails')
    .all()
    .map(({ record }) => record as Uint8Array);
  return records.find(record => {
    const { series, chunk } = decodeChunkRecord(record)!;
    return series === 3 && chunk.minTime > 30;
  })!;
};

describe('a flipped bit', () => {
  const cases = [
    ['log', logRow, ledgerSeries.length],
    ['chunk', chunkRow, 20],
    ['series', seriesRow, 130],
  ] as const;
  it.each(cases)('in a %s row is found and told, and everything else is there', async (kind, read, lost) => {
    const directory = await crashedStore(kind, true);
    flipContent(directory, read);
    const { damages, wrong, missing } = inspect(directory);
    expect(damages).toContain(kind);
    expect(wrong).toEqual([]);
    expect(missing).toBe(lost);
  });

  it('in the write-ahead log of SQLite, which shortens it, is told by what was acknowledged', async () => {
    const directory = await crashedStore('wal', false);
    const wal = join(directory, 'samples.db-wal');
    flipBit(wal, Math.floor(statSync(wal).size / 2));
    const { damages, wrong, missing } = inspect(directory);
    expect(damages).toContain('missing');
    expect(wrong).toEqual([]);
    expect(missing).toBeGreaterThan(0);
  });

  it('in a page of the file itself costs what the page held, not the file', async () => {
    const directory = await crashedStore('page', true);
    const file = join(directory, 'samples.db');
    const bytes = readFileSync(file);
    const database = new DatabaseSync(file);
    const payload = database.prepare('SELECT payload FROM log WHERE sequence = 115').get()!
      .payload as Uint8Array;
    database.close();
    const page = Math.floor(bytes.lastIndexOf(payload) / PAGE_SIZE) * PAGE_SIZE;
    writeFileSync(file, bytes.fill(0xff, page, page + 8));
    const { damages, wrong, missing } = inspect(directory);
    expect(damages).toContain('file');
    expect(wrong).toEqual([]);
    expect(missing).toBeLessThanOrEqual(31 * ledgerSeries.length);
  });

  it('anywhere in the file never yields a wrong sample, and none is missing in silence', async () => {
    const rng = createRng(7);
    const pristine = await crashedStore('pristine', true);
    const { size } = statSync(join(pristine, 'samples.db'));
    const kinds: Record<string, number> = {};
    for (let round = 0; round < 150; round++) {
      const directory = join(folder, `flip-${round}`);
      cpSync(pristine, directory, { recursive: true });
      const offset = rng.integer(size);
      flipBit(join(directory, 'samples.db'), offset, rng.integer(8));
      const { damages, wrong, missing } = inspect(directory);
      expect({ offset, wrong }).toEqual({ offset, wrong: [] });
      if (missing > 0) expect({ offset, damages }).not.toEqual({ offset, damages: [] });
      const kind = damages[0] ?? 'none';
      kinds[kind] = (kinds[kind] ?? 0) + 1;
      rmSync(directory, { recursive: true });
    }
    expect(Object.keys(kinds).length).toBeGreaterThan(2);
  });
});
