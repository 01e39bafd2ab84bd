import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Clock, type Logger, messageOf, UserError } from '../core/index.ts';
import { type Migration, migrate } from './migrate.ts';
import { isLocked, sqliteFailure } from './sqlite-error.ts';

/** The name SQLite gives to a database that lives in memory only. */
export const IN_MEMORY = ':memory:';

export interface DatabaseOptions {
  /** Path of the file, whose folder is created when missing; or `IN_MEMORY`. */
  readonly file: string;
  /** The schema's steps, oldest first. */
  readonly migrations: readonly Migration[];
  readonly clock: Pick<Clock, 'now'>;
  readonly logger: Logger;
  /** Keeps every other connection and process out for as long as the file is open. False by default. */
  readonly exclusive?: boolean;
  /** Bytes a page of a new file, a power of two from 512 to 65,536; 4,096 by default. */
  readonly pageSize?: number;
  /** Whether a new file can give free pages back (`PRAGMA incremental_vacuum`); false by default. */
  readonly shrinks?: boolean;
  /** Told the path that a damaged file was moved to, once the fresh one is open. */
  readonly onQuarantine?: (quarantined: string) => void;
}

/** How long a statement waits for another connection's lock, milliseconds. */
const BUSY_TIMEOUT = 5000;
/** An exclusive owner is not going to let go: better said at once. */
const EXCLUSIVE_BUSY_TIMEOUT = 250;

/**
 * Opens a SQLite file for durable writing: WAL, `synchronous=FULL` (a commit survives power loss), foreign keys,
 * schema brought up to date. A file that is damaged (no database, a failed `quick_check` or migration) is renamed
 * to `<file>.corrupt-<timestamp>`, told, and a fresh one is opened.
 *
 * @throws UserError `store-locked` when another process has it, `store-unavailable` when the disk refuses,
 *   `store-too-new` when a later release wrote it. The file is then left as it was.
 */
export function openDatabase(options: DatabaseOptions): DatabaseSync {
  const { file, logger } = options;
  try {
    if (file !== IN_MEMORY) mkdirSync(dirname(file), { recursive: true });
    return openChecked(options);
  } catch (error) {
    if (error instanceof UserError) throw error;
    if (file === IN_MEMORY || !isDamage(error, file)) throw refusal(file, error);
    const quarantined = quarantine(options);
    logger.error(
      { file, quarantined, reason: messageOf(error) },
      'database is damaged: set aside, starting with a fresh one',
    );
    const fresh = openChecked(options);
    options.onQuarantine?.(quarantined);
    return fresh;
  }
}

/** SQL errors on opening mean a schema that is not ours: as useless as a torn page. */
function isDamage(error: unknown, file: string): boolean {
  if (error instanceof DamagedFile) return true;
  const isSqlite = (error as { code?: unknown }).code === 'ERR_SQLITE_ERROR';
  return isSqlite && sqliteFailure(error) !== 'refused' && existsSync(file);
}

class DamagedFile extends Error {}

function openChecked({
  file,
  migrations,
  exclusive = false,
  pageSize = 4096,
  shrinks = false,
}: DatabaseOptions): DatabaseSync {
  const database = new DatabaseSync(file, {
    enableForeignKeyConstraints: true,
    timeout: exclusive ? EXCLUSIVE_BUSY_TIMEOUT : BUSY_TIMEOUT,
  });
  try {
    if (exclusive) database.exec('PRAGMA locking_mode = EXCLUSIVE');
    database.exec(`PRAGMA page_size = ${pageSize}; PRAGMA auto_vacuum = ${shrinks ? 'INCREMENTAL' : 'NONE'}`);
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    const verdict = database.prepare('PRAGMA quick_check(1)').get()?.quick_check;
    if (verdict !== 'ok') throw new DamagedFile(String(verdict));
    migrate(database, file, migrations);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Moves the file and its log away, together: the pair stays readable for a rescue. */
function quarantine({ file, clock }: DatabaseOptions): string {
  const stamp = new Date(clock.now()).toISOString().replaceAll(':', '-');
  let target = `${file}.corrupt-${stamp}`;
  for (let n = 2; existsSync(target); n++) target = `${file}.corrupt-${stamp}-${n}`;
  for (const suffix of ['', '-wal', '-shm'])
    if (existsSync(file + suffix)) renameSync(file + suffix, target + suffix);
  return target;
}

function refusal(file: string, error: unknown): UserError {
  if (isLocked(error))
    return new UserError('store-locked', `${file} is in use by another process`, {
      remedy: 'stop the other process, or give this one its own data directory',
    });
  return new UserError('store-unavailable', `cannot open ${file}: ${messageOf(error)}`, {
    remedy: 'check that the folder exists, can be written to and has room',
  });
}
