import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createVirtualClock, type Logger, milliseconds, silentLogger } from '../core/index.ts';
import { IN_MEMORY, inTransaction, openDatabase, rescueRows, rowDigest, sqliteFailure } from './index.ts';

const clock = createVirtualClock(milliseconds(Date.UTC(2026, 0, 2, 3, 4, 5)));
const migrations = ['CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT'];

let folder: string;
let told: string[];
let logger: Logger;
const file = () => join(folder, 'deep', 'notes.db');
const open = (changes: Partial<Parameters<typeof openDatabase>[0]> = {}) =>
  openDatabase({ file: file(), migrations, clock, logger, ...changes });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sqlite-room-'));
  told = [];
  logger = { ...silentLogger, error: (_fields, message) => told.push(message) };
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('opening a database', () => {
  it('creates the folder, uses the write-ahead log with full synchronisation, and checks foreign keys', () => {
    const database = open();
    expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
    expect(database.prepare('PRAGMA foreign_keys').get()).toEqual({ foreign_keys: 1 });
    database.close();
  });

  it('keeps what was written and runs only the migrations that are new', () => {
    const first = open();
    first.exec("INSERT INTO notes (text) VALUES ('kept')");
    first.close();
    const second = open({
      migrations: [...migrations, database => database.exec('ALTER TABLE notes ADD COLUMN colour TEXT')],
    });
    expect(second.prepare('SELECT text, colour FROM notes').all()).toEqual([{ text: 'kept', colour: null }]);
    second.close();
  });

  it('sets a file that is no database aside, tells, and starts afresh', () => {
    open().close();
    writeFileSync(file(), 'this was never a database, '.repeat(400));
    const moved: string[] = [];
    const database = open({ onQuarantine: path => moved.push(path) });
    database.exec("INSERT INTO notes (text) VALUES ('fresh')");
    database.close();
    expect(told).toEqual(['database is damaged: set aside, starting with a fresh one']);
    expect(moved).toEqual([`${file()}.corrupt-2026-01-02T03-04-05.000Z`]);
    expect(readFileSync(moved[0]!, 'utf8')).toContain('never a database');
  });

  it('sets a file aside whose pages are torn, and what is around them can be rescued', () => {
    const database = open();
    const insert = database.prepare('INSERT INTO notes (text) VALUES (?)');
    for (let i = 0; i < 2000; i++) insert.run(`${i} ${'x'.repeat(100)}`);
    database.close();
    const descriptor = openSync(file(), 'r+');
    writeSync(descriptor, Buffer.alloc(4096, 0xa5), 0, 4096, 20 * 4096);
    closeSync(descriptor);
    let moved = '';
    const fresh = open({
      onQuarantine: path => {
        moved = path;
      },
    });
    const count = () => Number(fresh.prepare('SELECT count(*) AS n FROM notes').get()?.n);
    expect(count()).toBe(0);
    const before = readFileSync(moved);
    const rescued = rescueRows(moved, fresh, [{ table: 'notes', key: ['id'] }]);
    // A page holds some 35 of these rows.
    expect(rescued.notes).toBeGreaterThan(1950);
    expect(rescued.notes).toBeLessThan(2000);
    expect(count()).toBe(rescued.notes);
    expect(fresh.prepare('SELECT text FROM notes WHERE id = 2000').get()?.text).toMatch(/^1999 x+$/);
    expect(readFileSync(moved).equals(before)).toBe(true);
    fresh.close();
  });

  it('rescues nothing from a file that is no database', () => {
    writeFileSync(join(folder, 'other'), 'no database '.repeat(400));
    const database = open();
    expect(rescueRows(join(folder, 'other'), database, [{ table: 'notes', key: ['id'] }])).toEqual({
      notes: 0,
    });
    database.close();
  });

  it('sets a file aside that a migration fails on', () => {
    const stranger = new DatabaseSync(join(folder, 'stranger.db'));
    stranger.exec('CREATE TABLE notes (other INTEGER)');
    stranger.close();
    const database = open({ file: join(folder, 'stranger.db') });
    expect(told).toHaveLength(1);
    database.close();
  });

  it('gives two files that are damaged at the same instant different names', () => {
    for (let i = 0; i < 2; i++) {
      open().close();
      writeFileSync(file(), 'no database '.repeat(400));
      open().close();
    }
    expect(readdirSync(join(folder, 'deep')).filter(name => name.includes('.corrupt-'))).toHaveLength(2);
  });

  it('refuses a file of a later release and leaves it where it is', () => {
    open({ migrations: [...migrations, 'CREATE TABLE later (x INTEGER)'] }).close();
    expect(() => open()).toThrow(expect.objectContaining({ code: 'store-too-new' }));
    expect(told).toEqual([]);
  });

  it('refuses a file that another owner has opened exclusively, and leaves it alone', () => {
    const owner = open({ exclusive: true });
    expect(() => open({ exclusive: true })).toThrow(expect.objectContaining({ code: 'store-locked' }));
    owner.close();
    expect(told).toEqual([]);
  });

  it('refuses a path that cannot be a folder', () => {
    writeFileSync(join(folder, 'plain'), '');
    expect(() => open({ file: join(folder, 'plain', 'x.db') })).toThrow(
      expect.objectContaining({ code: 'store-unavailable' }),
    );
  });

  it('opens a database in memory', () => {
    const database = open({ file: IN_MEMORY });
    database.exec("INSERT INTO notes (text) VALUES ('gone soon')");
    database.close();
  });
});

describe('a transaction', () => {
  it('keeps nothing when the work throws', () => {
    const database = open();
    expect(() =>
      inTransaction(database, () => {
        database.exec("INSERT INTO notes (text) VALUES ('half')");
        throw new Error('stop');
      }),
    ).toThrow('stop');
    expect(database.prepare('SELECT count(*) AS n FROM notes').get()).toEqual({ n: 0 });
    expect(inTransaction(database, () => 7)).toBe(7);
    database.close();
  });

  it('names a full disk a refusal and leaves the database usable', () => {
    const database = open();
    database.exec('PRAGMA max_page_count = 4');
    const fill = () =>
      inTransaction(database, () =>
        database.prepare('INSERT INTO notes (text) VALUES (?)').run('x'.repeat(100_000)),
      );
    let failure: unknown;
    try {
      fill();
    } catch (error) {
      failure = error;
    }
    expect(sqliteFailure(failure)).toBe('refused');
    database.exec('PRAGMA max_page_count = 1000');
    fill();
    database.close();
  });
});

describe('a row digest', () => {
  it('depends on every part, its type and where it ends', () => {
    const digests = [
      rowDigest('ab', 'c'),
      rowDigest('a', 'bc'),
      rowDigest('abc'),
      rowDigest(1, 'abc'),
      rowDigest('1', 'abc'),
      rowDigest(new Uint8Array([1, 2])),
      rowDigest(new Uint8Array([2, 1])),
    ];
    expect(new Set(digests).size).toBe(digests.length);
  });
});
