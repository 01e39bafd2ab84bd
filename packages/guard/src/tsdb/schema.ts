import type { Migration, RescueTable } from '../sqlite/index.ts';

/**
 * The store's file. Every row carries a CRC-32 over its key and content; times are Unix milliseconds.
 * `log` holds the transactions that chunks may not hold yet, `checkpoint` the sequence number of the last one that is in
 * chunks, `quarantine` the rows that failed their digest, as they were found.
 */
export const MIGRATIONS: readonly Migration[] = [
  `
  CREATE TABLE series (
    id INTEGER PRIMARY KEY,
    digest INTEGER NOT NULL,
    labels TEXT NOT NULL
  ) STRICT;
  CREATE TABLE log (
    sequence INTEGER PRIMARY KEY,
    digest INTEGER NOT NULL,
    payload BLOB NOT NULL
  ) STRICT;
  CREATE TABLE chunks (
    series INTEGER NOT NULL,
    start INTEGER NOT NULL,
    finish INTEGER NOT NULL,
    count INTEGER NOT NULL,
    digest INTEGER NOT NULL,
    payload BLOB NOT NULL,
    PRIMARY KEY (series, start)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE checkpoint (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    sequence INTEGER NOT NULL,
    digest INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE quarantine (
    id INTEGER PRIMARY KEY,
    noticed INTEGER NOT NULL,
    origin TEXT NOT NULL,
    row_key TEXT NOT NULL,
    reason TEXT NOT NULL,
    content BLOB
  ) STRICT;
  `,
  // Chunks are packed otherwise (docs/chunk-format.md), carry summaries, and are rows in the order they were written,
  // which is that of time within a series. Chunks of the format before are given up.
  `
  DROP TABLE chunks;
  CREATE TABLE chunks (
    id INTEGER PRIMARY KEY,
    series INTEGER NOT NULL,
    start INTEGER NOT NULL,
    finish INTEGER NOT NULL,
    count INTEGER NOT NULL,
    digest INTEGER NOT NULL,
    summary BLOB,
    payload BLOB NOT NULL
  ) STRICT;
  `,
  // Deletions stand in the log, between the transactions that they came between.
  'ALTER TABLE log ADD COLUMN kind INTEGER NOT NULL DEFAULT 0',
  // Chunks are one value each (chunk-record.ts), and those that are not long yet have a table of their own. Chunks of the
  // format before are given up.
  `
  DROP TABLE chunks;
  CREATE TABLE chunks (id INTEGER PRIMARY KEY, record BLOB NOT NULL) STRICT;
  CREATE TABLE tails (id INTEGER PRIMARY KEY, record BLOB NOT NULL) STRICT;
  `,
];

/** What a row of `log` holds: a transaction's samples, or deletions. */
export const LogKind = { samples: 0, deletions: 1 } as const;

/** What is worth rescuing from a damaged file. */
export const RESCUED_TABLES: readonly RescueTable[] = [
  { table: 'series', key: ['id'] },
  { table: 'chunks', key: ['id'] },
  { table: 'tails', key: ['id'] },
  { table: 'log', key: ['sequence'] },
  { table: 'checkpoint', key: ['id'] },
];
