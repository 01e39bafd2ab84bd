import { join } from 'node:path';
import { backup, type DatabaseSync } from 'node:sqlite';
import { type Logger, messageOf, UserError } from '../core/index.ts';
import { inTransaction, openDatabase, rescueRows } from '../sqlite/index.ts';
import { type AcknowledgedMark, openAcknowledgedMark } from './acknowledged.ts';
import { createChunkTables } from './chunk-tables.ts';
import { encodeDeletions } from './deletion-record.ts';
import { createFileSize } from './file-size.ts';
import type { Journal, NewSeries, Replay } from './journal.ts';
import { type LogEnd, type ReadContext, readJournal } from './journal-reader.ts';
import { encodeLogRecord } from './log-record.ts';
import { checkpointDigest, deletionsDigest, logDigest, seriesDigest } from './row-digests.ts';
import type { SampleBatch } from './sample-batch.ts';
import { LogKind, MIGRATIONS, RESCUED_TABLES } from './schema.ts';
import { createStoredRows, type StoredRows } from './stored-rows.ts';
import { ByteWriter } from './varint.ts';

export interface SqliteJournalOptions extends ReadContext {
  /** Created when missing; owned by one process at a time. */
  readonly directory: string;
  /** Samples from which on a chunk is a long one, which is not going to be joined. */
  readonly longFrom: number;
}

export const SAMPLES_FILE = 'samples.db';
/** Pages of this size are filled well by chunks of about a kilobyte: 17 % lie beside them, 30 % at SQLite's own size. */
const PAGE_SIZE = 8192;
const ACKNOWLEDGED_FILE = 'samples.acknowledged';
/** SQLite copies its write-ahead log into the file when it has so many pages: 2 MiB, during which commits wait. */
const WAL_PAGES = 256;
/** What is left of the write-ahead log after a large transaction. */
const WAL_BYTES = 4 * WAL_PAGES * PAGE_SIZE;
/** Some milliseconds of copying, during which commits wait. */
const PAGES_A_COPY_STEP = 256;

/** Reads what the directory holds into `replay`, sets damaged rows aside, and is then ready to append. */
export function openSqliteJournal(options: SqliteJournalOptions, replay: Replay): Journal {
  const { directory, longFrom, logger, onDamage } = options;
  const database = openRescued(options);
  try {
    database.exec(`PRAGMA wal_autocheckpoint = ${WAL_PAGES}; PRAGMA journal_size_limit = ${WAL_BYTES}`);
    const mark = openAcknowledgedMark(join(directory, ACKNOWLEDGED_FILE));
    const acknowledged = mark.read();
    const rows = createStoredRows();
    const end = readJournal(database, replay, rows, acknowledged, options);
    const { sequence } = end;
    if (acknowledged > sequence)
      onDamage({
        kind: 'missing',
        key: `${sequence + 1} to ${acknowledged}`,
        reason: 'transactions at the end of the log are missing',
      });
    return createJournal(database, rows, mark, logger, longFrom, {
      ...end,
      sequence: Math.max(sequence, acknowledged),
    });
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
    shrinks: true,
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
  longFrom: number,
  end: LogEnd,
): Journal {
  const statements = {
    series: database.prepare('INSERT INTO series (id, digest, labels) VALUES (?, ?, ?)'),
    log: database.prepare('INSERT INTO log (sequence, digest, payload, kind) VALUES (?, ?, ?, ?)'),
    dropLog: database.prepare('DELETE FROM log WHERE sequence <= ?'),
    dropSeries: database.prepare('DELETE FROM series WHERE id = ?'),
    checkpoint: database.prepare('INSERT OR REPLACE INTO checkpoint (id, sequence, digest) VALUES (1, ?, ?)'),
  };
  const chunks = createChunkTables(database, rows, longFrom);
  const file = createFileSize(database);
  const writer = new ByteWriter(8192);
  let { sequence, logBytes, lastDeletions, checkpoint } = end;

  const write = <Result>(work: () => Result): Result => orReadOnly(() => inTransaction(database, work));

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

  /** `work` belongs to the same transaction. */
  function writeLog(kind: number, payload: Uint8Array, digest: number, work: () => void = () => {}): void {
    write(() => {
      work();
      statements.log.run(sequence + 1, digest, payload, kind);
    });
    sequence++;
    logBytes += payload.length;
    acknowledge();
  }

  return {
    append(newSeries: readonly NewSeries[], batch: SampleBatch) {
      const payload = encodeLogRecord(batch, writer);
      writeLog(LogKind.samples, payload, logDigest(sequence + 1, payload), () =>
        newSeries.forEach(insertSeries),
      );
    },
    appendDeletions(deletions) {
      const payload = encodeDeletions(deletions);
      writeLog(LogKind.deletions, payload, deletionsDigest(sequence + 1, payload));
      lastDeletions = sequence;
    },
    replace(newSeries, replacements) {
      const onCommit = write(() => {
        newSeries.forEach(insertSeries);
        return chunks.replace(replacements);
      });
      onCommit();
    },
    mark: () => ({ sequence, bytes: logBytes }),
    cut(until, gone) {
      const all = [...gone].map(series => ({ series, ...EVERY_CHUNK, chunks: [] }));
      if (until.sequence === checkpoint && all.length === 0) return;
      const onCommit = write(() => {
        for (const { series } of all) statements.dropSeries.run(series);
        statements.dropLog.run(until.sequence);
        statements.checkpoint.run(until.sequence, checkpointDigest(until.sequence));
        return chunks.replace(all);
      });
      onCommit();
      checkpoint = until.sequence;
      logBytes -= until.bytes;
      if (lastDeletions <= until.sequence) lastDeletions = 0;
    },
    hasDeletions: () => lastDeletions > 0,
    logBytes: () => logBytes,
    diskBytes: file.total,
    liveBytes: file.live,
    shrink: most => orReadOnly(() => file.shrink(most)),
    copyTo: target => backup(database, target, { rate: PAGES_A_COPY_STEP }).then(() => {}),
    close() {
      mark.close();
      database.close();
    },
  };
}

function orReadOnly<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw new UserError('store-read-only', `the sample store cannot be written: ${messageOf(error)}`, {
      remedy: 'free disk space or make the data directory writable; the next write tries again',
    });
  }
}

const EVERY_CHUNK = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
