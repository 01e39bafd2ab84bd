/** SQLite's primary result codes that are told apart (https://www.sqlite.org/rescode.html). */
const BUSY = 5;
const LOCKED = 6;
const READONLY = 8;
const IOERR = 10;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const NOTADB = 26;

/**
 * Why SQLite failed. `damaged`: the file's content cannot be trusted. `refused`: the disk, its permissions or
 * another process are in the way and the content may be whole. `other`: everything else, such as bad SQL.
 */
export type SqliteFailure = 'damaged' | 'refused' | 'other';

const FAILURES: ReadonlyMap<number, SqliteFailure> = new Map([
  [BUSY, 'refused'],
  [LOCKED, 'refused'],
  [READONLY, 'refused'],
  [IOERR, 'refused'],
  [FULL, 'refused'],
  [CANTOPEN, 'refused'],
  [CORRUPT, 'damaged'],
  [NOTADB, 'damaged'],
]);

/** The primary result code of an error thrown by `node:sqlite`, or undefined when it is none. */
function resultCode(error: unknown): number | undefined {
  const code = (error as { errcode?: unknown } | undefined)?.errcode;
  return typeof code === 'number' ? code & 0xff : undefined;
}

/** Sorts what `node:sqlite` throws. */
export function sqliteFailure(error: unknown): SqliteFailure {
  return FAILURES.get(resultCode(error) ?? -1) ?? 'other';
}

/** Whether another connection holds the lock that was needed. */
export function isLocked(error: unknown): boolean {
  const code = resultCode(error);
  return code === BUSY || code === LOCKED;
}
