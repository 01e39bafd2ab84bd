import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { inTransaction } from './transaction.ts';

/** A table to rescue; `key` are the columns of its primary key, in order. */
export interface RescueTable {
  readonly table: string;
  readonly key: readonly string[];
}

/**
 * Copies what can still be read of a file that was set aside into a fresh one with the same tables: from the first
 * row on until a page is torn, then from the last row back. Nothing is judged here, the rows' digests are the
 * caller's to verify. Returns the number of rows copied, a table at a time; the damaged file stays as it is.
 */
export function rescueRows(
  damaged: string,
  into: DatabaseSync,
  tables: readonly RescueTable[],
): Record<string, number> {
  const counts = tables.map(({ table, key }): [string, number] => {
    const from = openReadable(damaged);
    if (!from) return [table, 0];
    try {
      return [table, inTransaction(into, () => rescueTable(from, into, table, key))];
    } finally {
      from.close();
    }
  });
  return Object.fromEntries(counts);
}

function openReadable(file: string): DatabaseSync | undefined {
  try {
    return new DatabaseSync(file, { readOnly: true });
  } catch {
    return undefined;
  }
}

function rescueTable(from: DatabaseSync, into: DatabaseSync, table: string, key: readonly string[]): number {
  let copied = 0;
  for (const direction of ['ASC', 'DESC']) {
    const order = key.map(column => `${column} ${direction}`).join(', ');
    const { count, isComplete } = copyInOrder(from, into, table, order);
    copied += count;
    if (isComplete) break;
  }
  return copied;
}

function copyInOrder(from: DatabaseSync, into: DatabaseSync, table: string, order: string) {
  let count = 0;
  try {
    const rows = from.prepare(`SELECT * FROM ${table} ORDER BY ${order}`);
    const columns = rows.columns().map(({ name }) => name);
    const insert = into.prepare(
      `INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    );
    for (const row of rows.iterate()) count += insertOne(insert, Object.values(row));
    return { count, isComplete: true };
  } catch {
    // A torn page: what lies behind it is reached from the other end.
    return { count, isComplete: false };
  }
}

/** A row whose values do not fit the table is damaged as well. */
function insertOne(insert: ReturnType<DatabaseSync['prepare']>, values: SQLInputValue[]): number {
  try {
    return Number(insert.run(...values).changes);
  } catch {
    return 0;
  }
}
