export { rowDigest } from './digest.ts';
export { createGroupCommit, type GroupCommit } from './group-commit.ts';
export type { Migration } from './migrate.ts';
export { type DatabaseOptions, IN_MEMORY, openDatabase } from './open-database.ts';
export { type RescueTable, rescueRows } from './rescue.ts';
export { type SqliteFailure, sqliteFailure } from './sqlite-error.ts';
export { inTransaction } from './transaction.ts';
