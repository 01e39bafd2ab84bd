import type { DatabaseSync } from 'node:sqlite';

/**
 * Runs `work` in one write transaction: committed when it returns, rolled back when it throws. The error is
 * passed on. Does not nest.
 */
export function inTransaction<Result>(database: DatabaseSync, work: () => Result): Result {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // SQLite has rolled back by itself after some errors (a full disk, for one).
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
