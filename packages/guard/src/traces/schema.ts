import type { Migration } from '../sqlite/index.ts';

/**
 * Spans lie beside the others of their trace, whose number grows with time: writing appends, reading a trace is one
 * range, and dropping the oldest traces frees whole pages. Search goes by service and start; the other columns of
 * that index decide most searches without touching the rows.
 */
export const SPAN_MIGRATIONS: readonly Migration[] = [
  `
  CREATE TABLE services (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TABLE operations (
    service INTEGER NOT NULL, name TEXT NOT NULL, kind INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL,
    PRIMARY KEY (service, name, kind)
  ) WITHOUT ROWID;
  CREATE TABLE contexts (
    id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, service INTEGER NOT NULL,
    content TEXT NOT NULL, seen_ms INTEGER NOT NULL
  );
  CREATE TABLE traces (
    id INTEGER PRIMARY KEY AUTOINCREMENT, trace_id BLOB NOT NULL UNIQUE,
    seen_ms INTEGER NOT NULL, span_count INTEGER NOT NULL
  );
  CREATE INDEX traces_by_seen ON traces (seen_ms);
  CREATE TABLE spans (
    trace INTEGER NOT NULL, span_id BLOB NOT NULL, parent_id BLOB,
    service INTEGER NOT NULL, context INTEGER NOT NULL,
    operation TEXT NOT NULL, kind INTEGER NOT NULL,
    start_us INTEGER NOT NULL, duration_ns INTEGER NOT NULL, error INTEGER NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (trace, span_id)
  ) WITHOUT ROWID;
  CREATE INDEX spans_by_service ON spans (service, start_us, operation, duration_ns, context);
  `,
];
