import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { createChunkRecordWriter } from './chunk-record.ts';
import type { Replacement } from './journal.ts';
import type { StoredChunk } from './series-memory.ts';
import type { StoredRow, StoredRows } from './stored-rows.ts';

/**
 * Where chunks are stored. Those that grow or are going to be joined have a table of their own: were their rows among
 * those of long chunks, the pages of these would be left full of holes.
 */
export const CHUNK_TABLES = ['chunks', 'tails'] as const;
export type ChunkTableName = (typeof CHUNK_TABLES)[number];

/** Writes to the tables of chunks; to be called in a transaction. */
export interface ChunkTables {
  /** What is answered must be called once the transaction is committed. */
  replace(replacements: Iterable<Replacement>): () => void;
}

interface Statements {
  readonly drop: StatementSync;
  readonly insert: StatementSync;
}

/** `longFrom`: samples from which on a chunk is a long one. */
export function createChunkTables(database: DatabaseSync, rows: StoredRows, longFrom: number): ChunkTables {
  const statementsOf = (table: ChunkTableName): Statements => ({
    drop: database.prepare(`DELETE FROM ${table} WHERE id = ?`),
    insert: database.prepare(`INSERT INTO ${table} (record) VALUES (?)`),
  });
  const statements = { chunks: statementsOf('chunks'), tails: statementsOf('tails') };
  const writer = createChunkRecordWriter();

  function insertChunk(series: number, chunk: StoredChunk): StoredRow {
    const table = chunk.count < longFrom ? 'tails' : 'chunks';
    const { lastInsertRowid } = statements[table].insert.run(writer.encode(series, chunk));
    return { start: chunk.minTime, table, row: Number(lastInsertRowid) };
  }

  return {
    replace(replacements) {
      const done: Array<() => void> = [];
      for (const { series, from, to, chunks } of replacements) {
        for (const { table, row } of rows.within(series, from, to)) statements[table].drop.run(row);
        const added: StoredRow[] = [];
        for (const chunk of chunks) added.push(insertChunk(series, chunk));
        done.push(() => rows.replace(series, from, to, added));
      }
      return () => {
        for (const apply of done) apply();
      };
    },
  };
}
