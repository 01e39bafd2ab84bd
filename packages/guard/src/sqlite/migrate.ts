import type { DatabaseSync } from 'node:sqlite';
import { UserError } from '../core/index.ts';
import { inTransaction } from './transaction.ts';

/** One step of a schema: SQL, or code for what SQL cannot say. Runs inside a transaction. */
export type Migration = string | ((database: DatabaseSync) => void);

/** The number of migrations a file has seen (`PRAGMA user_version`). */
function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.user_version);
}

/**
 * Brings the schema to `migrations.length`, each step in a transaction of its own. Steps that were released are
 * never changed, only added to.
 *
 * @throws UserError `store-too-new` when a later release wrote the file; nothing is changed.
 */
export function migrate(database: DatabaseSync, file: string, migrations: readonly Migration[]): void {
  const version = versionOf(database);
  if (version > migrations.length)
    throw new UserError(
      'store-too-new',
      `${file} was written by a later release (schema ${version}, this one knows ${migrations.length})`,
      { remedy: 'start the later release, or move the file away to begin anew' },
    );
  for (const [done, step] of [...migrations.entries()].slice(version)) {
    inTransaction(database, () => {
      if (typeof step === 'string') database.exec(step);
      else step(database);
      database.exec(`PRAGMA user_version = ${done + 1}`);
    });
  }
}
