import type { DatabaseSync } from 'node:sqlite';
import type { Replacement } from './journal.ts';
import { chunkDigest } from './row-digests.ts';
import type { StoredChunk } from './series-memory.ts';
import type { StoredRow, StoredRows } from './stored-rows.ts';

/** Writes to the table of chunks; to be called in a transaction. */
export interface ChunkTable {
  /** What is answered must be called once the transaction is committed. */
  replace(replacements: Iterable<Replacement>): () => void;
}

export function createChunkTable(database: DatabaseSync, rows: StoredRows): ChunkTable {
  const drop = database.prepare('DELETE FROM chunks WHERE id = ?');
  const insert = database.prepare(
    'INSERT INTO chunks (series, start, finish, count, digest, summary, payload) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );

  function insertChunk(series: number, chunk: StoredChunk): StoredRow {
    const { minTime, maxTime, count } = chunk;
    // SQLite and zlib take ordinary memory only.
    const payload = chunk.payload.slice();
    const summary = chunk.summary?.slice();
    const digest = chunkDigest(series, { ...chunk, summary, payload });
    const { lastInsertRowid } = insert.run(series, minTime, maxTime, count, digest, summary ?? null, payload);
    return { start: minTime, row: Number(lastInsertRowid) };
  }

  return {
    replace(replacements) {
      const done: Array<() => void> = [];
      for (const { series, from, to, chunks } of replacements) {
        for (const row of rows.within(series, from, to)) drop.run(row);
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
