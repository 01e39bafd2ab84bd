import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createVirtualClock, milliseconds, silentLogger } from '../core/index.ts';
import { createGroupCommit, openDatabase } from './index.ts';

const clock = createVirtualClock(milliseconds(0));
const migrations = ['CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT'];

let folder: string;
let database: DatabaseSync;
let refused: unknown[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'group-commit-'));
  database = openDatabase({ file: join(folder, 'notes.db'), migrations, clock, logger: silentLogger });
  refused = [];
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

function open() {
  const insert = database.prepare('INSERT INTO notes (text) VALUES (?)');
  const writer = createGroupCommit({ database, clock, onRefused: error => refused.push(error) });
  return { ...writer, note: (text: string) => () => void insert.run(text) };
}

/** What another connection sees: what is committed. */
function committed(): unknown[] {
  const other = new DatabaseSync(join(folder, 'notes.db'), { readOnly: true });
  const rows = other.prepare('SELECT text FROM notes ORDER BY id').all();
  other.close();
  return rows.map(row => row.text);
}

it('keeps all writes of a turn in one transaction, at its end', async () => {
  const { later, note } = open();
  const changes = ['a', 'b', 'c'].map(text => later(note(text)));
  expect(committed()).toEqual([]);
  let sharedTransaction = false;
  const last = later(() => {
    sharedTransaction = database.isTransaction && database.prepare('SELECT * FROM notes').all().length === 3;
  });
  expect(await Promise.all([...changes, last])).toEqual([true, true, true, true]);
  expect(sharedTransaction).toBe(true);
  expect(committed()).toEqual(['a', 'b', 'c']);
});

it('writes what waits before what is written at once', async () => {
  const { later, now, relaxed, note } = open();
  const first = later(note('first'));
  expect(now(note('second'))).toBe(true);
  expect(committed()).toEqual(['first', 'second']);
  expect(await first).toBe(true);
  const third = later(note('third'));
  expect(relaxed(note('fourth'))).toBe(true);
  expect(committed()).toEqual(['first', 'second', 'third', 'fourth']);
  expect(await third).toBe(true);
});

it('keeps the others where one is refused, and tells whose it was', async () => {
  const { later, now, note } = open();
  const kept = [later(note('a')), later(note('a')), later(note('b'))];
  expect(await Promise.all(kept)).toEqual([true, false, true]);
  expect(committed()).toEqual(['a', 'b']);
  expect(now(note('b'))).toBe(false);
  expect(refused).toHaveLength(2);
});

it('does not wait for the disk where all of a turn is relaxed, and keeps the order where it is not', async () => {
  const { later, laterRelaxed, note } = open();
  const seen: unknown[] = [];
  const look = () => void seen.push(database.prepare('PRAGMA synchronous').get()!.synchronous);
  expect(await Promise.all([laterRelaxed(look), laterRelaxed(note('a'))])).toEqual([true, true]);
  const mixed = [laterRelaxed(note('b')), later(look), laterRelaxed(note('c')), laterRelaxed(note('c'))];
  expect(await Promise.all(mixed)).toEqual([true, true, true, false]);
  expect(seen).toContain(1);
  expect(seen.at(-1)).toBe(2);
  expect(committed()).toEqual(['a', 'b', 'c']);
});

it('waits for the disk again after a relaxed write', () => {
  const { relaxed, note } = open();
  let during: unknown;
  relaxed(() => {
    during = database.prepare('PRAGMA synchronous').get();
    note('a')();
  });
  expect(during).toEqual({ synchronous: 1 });
  expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
  expect(relaxed(note('a'))).toBe(false);
  expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
});
