import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { type Logger, messageOf, UserError } from '../core/index.ts';
import { inTransaction, openDatabase, rescueRows } from '../sqlite/index.ts';
import { type AcknowledgedMark, openAcknowledgedMark } from './acknowledged.ts';
import type { Checkpoint, Journal, NewSeries, Replay } from './journal.ts';
import { type ReadContext, readJournal } from './journal-reader.ts';
import { encodeLogRecord } from './log-record.ts';
import { checkpointDigest, chunkDigest, logDigest, seriesDigest } from './row-digests.ts';
import type { SampleBatch } from './sample-batch.ts';
import { MIGRATIONS, RESCUED_TABLES } from './schema.ts';
import type { StoredChunk } from './series-memory.ts';
import { createStoredRows, type StoredRows } from './stored-rows.ts';
import { ByteWriter } from './varint.ts';

export interface SqliteJournalOptions extends ReadContext {
  /** Created when missing; owned by one process at a time. */
  readonly directory: string;
}

const SAMPLES_FILE = 'samples.db';
/** Pages of this size are filled well by chunks of about a kilobyte: 17 % lie beside them, 30 % at SQLite's own size. */
const PAGE_SIZE = 8192;
const ACKNOWLEDGED_FILE = 'samples.acknowledged';

/** Reads what the directory holds into `replay`, sets damaged rows aside, and is then ready to append. */
export function openSqliteJournal(options: SqliteJournalOptions, replay: Replay): Journal {
  const { directory, logger, onDamage } = options;
  const database = openRescued(options);
  try {
    const mark = openAcknowledgedMark(join(directory, ACKNOWLEDGED_FILE));
    const acknowledged = mark.read();
    const rows = createStoredRows();
    const { sequence, logBytes } = readJournal(database, replay, rows, acknowledged, options);
    if (acknowledged > sequence)
      onDamage({
        kind: 'missing',
        key: `${sequence + 1} to ${acknowledged}`,
        reason: 'transactions at the end of the log are missing',
      });
    return createJournal(database, rows, mark, logger, Math.max(sequence, acknowledged), logBytes);
  } catch (error) {
    database.close();
    throw error;
  }
}

/** A damaged file is set aside whole; its rows are taken over as they are, to be judged with all others. */
function openRescued({ directory, clock, logger, onDamage }: SqliteJournalOptions): DatabaseSync {
  let damaged: string | undefined;
  const database = openDatabase({
    file: join(directory, SAMPLES_FILE),
    migrations: MIGRATIONS,
    clock,
    logger,
    exclusive: true,
    pageSize: PAGE_SIZE,
    onQuarantine: moved => {
      damaged = moved;
    },
  });
  if (damaged !== undefined) {
    const rows = rescueRows(damaged, database, RESCUED_TABLES);
    logger.warn({ damaged, rows }, 'rows were rescued from the damaged file');
    onDamage({ kind: 'file', key: damaged, reason: 'the file is damaged' });
  }
  return database;
}

function createJournal(
  database: DatabaseSync,
  rows: StoredRows,
  mark: AcknowledgedMark,
  logger: Logger,
  lastSequence: number,
  replayedBytes: number,
): Journal {
  const statements = {
    series: database.prepare('INSERT INTO series (id, digest, labels) VALUES (?, ?, ?)'),
    log: database.prepare('INSERT INTO log (sequence, digest, payload) VALUES (?, ?, ?)'),
    dropChunk: database.prepare('DELETE FROM chunks WHERE id = ?'),
    chunk: database.prepare(
      'INSERT INTO chunks (series, start, finish, count, digest, summary, payload) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    dropLog: database.prepare('DELETE FROM log WHERE sequence <= ?'),
    dropSeries: database.prepare('DELETE FROM series WHERE id = ?'),
    checkpoint: database.prepare('INSERT OR REPLACE INTO checkpoint (id, sequence, digest) VALUES (1, ?, ?)'),
    pages: database.prepare('PRAGMA page_count'),
    pageSize: database.prepare('PRAGMA page_size'),
  };
  const writer = new ByteWriter(8192);
  let sequence = lastSequence;
  let logBytes = replayedBytes;

  function write(work: () => void): void {
    try {
      inTransaction(database, work);
    } catch (error) {
      throw new UserError('store-read-only', `the sample store cannot be written: ${messageOf(error)}`, {
        remedy: 'free disk space or make the data directory writable; the next write tries again',
      });
    }
  }

  /** Best effort: the mark is there to notice loss, the samples are safe without it. */
  function acknowledge(): void {
    try {
      mark.note(sequence);
    } catch (error) {
      logger.warn({ sequence, error: messageOf(error) }, 'the acknowledged mark could not be written');
    }
  }

  function insertSeries({ id, labels }: NewSeries): void {
    const text = JSON.stringify(labels.flat);
    statements.series.run(id, seriesDigest(id, text), text);
  }

  function dropChunks(ids: readonly number[]): void {
    for (const id of ids) statements.dropChunk.run(id);
  }

  function insertChunk(series: number, chunk: StoredChunk): void {
    const { minTime, maxTime, count } = chunk;
    // SQLite and zlib take ordinary memory only.
    const payload = chunk.payload.slice();
    const summary = chunk.summary?.slice();
    const digest = chunkDigest(series, { ...chunk, summary, payload });
    // It may have grown since it was written, or be several joined.
    dropChunks(rows.takeSince(series, minTime));
    const { lastInsertRowid } = statements.chunk.run(
      series,
      minTime,
      maxTime,
      count,
      digest,
      summary ?? null,
      payload,
    );
    rows.add(series, minTime, Number(lastInsertRowid));
  }

  return {
    append(newSeries: readonly NewSeries[], batch: SampleBatch) {
      const payload = encodeLogRecord(batch, writer);
      write(() => {
        newSeries.forEach(insertSeries);
        statements.log.run(sequence + 1, logDigest(sequence + 1, payload), payload);
      });
      sequence++;
      logBytes += payload.length;
      acknowledge();
    },
    checkpoint({ chunks, beginnings, gone }: Checkpoint) {
      write(() => {
        for (const [series, chunk] of chunks) insertChunk(series, chunk);
        for (const [series, minTime] of beginnings) dropChunks(rows.takeBefore(series, minTime));
        for (const id of gone) {
          dropChunks(rows.takeBefore(id, Number.POSITIVE_INFINITY));
          statements.dropSeries.run(id);
        }
        statements.dropLog.run(sequence);
        statements.checkpoint.run(sequence, checkpointDigest(sequence));
      });
      logBytes = 0;
    },
    logBytes: () => logBytes,
    diskBytes: () =>
      Number(statements.pages.get()?.page_count) * Number(statements.pageSize.get()?.page_size),
    close() {
      mark.close();
      database.close();
    },
  };
}
