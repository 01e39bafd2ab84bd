import type { DatabaseSync } from 'node:sqlite';

/** Sizes of a database's file, bytes. */
export interface FileSize {
  total(): number;
  /** Without the pages that are free. */
  live(): number;
  /** Gives up to `most` free bytes back to the file system; false when there are none. */
  shrink(most: number): boolean;
}

export function createFileSize(database: DatabaseSync): FileSize {
  const pages = database.prepare('PRAGMA page_count');
  const freePages = database.prepare('PRAGMA freelist_count');
  const pageSize = Number(database.prepare('PRAGMA page_size').get()?.page_size);
  const free = () => Number(freePages.get()?.freelist_count);
  const total = () => Number(pages.get()?.page_count);

  return {
    total: () => total() * pageSize,
    live: () => (total() - free()) * pageSize,
    shrink(most) {
      const before = free();
      if (before === 0) return false;
      database.exec(`PRAGMA incremental_vacuum(${Math.max(1, Math.floor(most / pageSize))})`);
      return free() < before;
    },
  };
}
