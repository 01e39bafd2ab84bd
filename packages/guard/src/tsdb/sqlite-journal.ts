import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { type Clock, Labels, type Logger, messageOf, UserError } from '../core/index.ts';
import { inTransaction, openDatabase, rescueRows, rowDigest } from '../sqlite/index.ts';
import { type AcknowledgedMark, openAcknowledgedMark } from './acknowledged.ts';
import type { Damage } from './damage.ts';
import type { Checkpoint, Journal, NewSeries, Replay } from './journal.ts';
import { decodeLogRecord, encodeLogRecord } from './log-record.ts';
import type { SampleBatch } from './sample-batch.ts';
import { MIGRATIONS, RESCUED_TABLES } from './schema.ts';
import type { StoredChunk } from './series-memory.ts';
import { ByteWriter } from './varint.ts';

export interface SqliteJournalOptions {
  /** Created when missing; owned by one process at a time. */
  readonly directory: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Told of everything that was found damaged. */
  readonly onDamage: (damage: Damage) => void;
}

const SAMPLES_FILE = 'samples.db';
const ACKNOWLEDGED_FILE = 'samples.acknowledged';

const seriesDigest = (id: number, labels: string) => rowDigest('series', id, labels);
const logDigest = (sequence: number, payload: Uint8Array) => rowDigest('log', sequence, payload);
const chunkDigest = (series: number, { minTime, maxTime, count, payload }: StoredChunk) =>
  rowDigest('chunk', series, minTime, maxTime, count, payload);
const checkpointDigest = (sequence: number) => rowDigest('checkpoint', sequence);

/** Reads what the directory holds into `replay`, sets damaged rows aside, and is then ready to append. */
export function openSqliteJournal(options: SqliteJournalOptions, replay: Replay): Journal {
  const { directory, logger, onDamage } = options;
  const database = openRescued(options);
  try {
    const mark = openAcknowledgedMark(join(directory, ACKNOWLEDGED_FILE));
    const acknowledged = mark.read();
    const { sequence, logBytes } = readAll(database, replay, acknowledged, quarantineInto(database, options));
    if (acknowledged > sequence)
      onDamage({
        kind: 'missing',
        key: `${sequence + 1} to ${acknowledged}`,
        reason: 'transactions at the end of the log are missing',
      });
    return createJournal(database, mark, logger, Math.max(sequence, acknowledged), logBytes);
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

type SetAside = (damage: Damage, content: Uint8Array | string, remove: () => void) => void;

/** Moves a row into the quarantine table; where the disk refuses, the row stays and is told all the same. */
function quarantineInto(database: DatabaseSync, { clock, logger, onDamage }: SqliteJournalOptions): SetAside {
  const insert = database.prepare(
    'INSERT INTO quarantine (noticed, origin, row_key, reason, content) VALUES (?, ?, ?, ?, ?)',
  );
  return (damage, content, remove) => {
    onDamage(damage);
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    try {
      inTransaction(database, () => {
        insert.run(clock.now(), damage.kind, damage.key, damage.reason, bytes);
        remove();
      });
    } catch (error) {
      logger.warn({ ...damage, error: messageOf(error) }, 'a damaged row could not be set aside');
    }
  };
}

function readAll(database: DatabaseSync, replay: Replay, acknowledged: number, setAside: SetAside) {
  readSeries(database, replay, setAside);
  readChunks(database, replay, setAside);
  replay.chunksDone();
  const end = readLog(database, replay, acknowledged, setAside);
  replay.logDone();
  return end;
}

function readSeries(database: DatabaseSync, replay: Replay, setAside: SetAside): void {
  const remove = database.prepare('DELETE FROM series WHERE id = ?');
  for (const row of database.prepare('SELECT id, digest, labels FROM series ORDER BY id').all()) {
    const id = Number(row.id);
    const labels = String(row.labels);
    if (seriesDigest(id, labels) === row.digest) replay.series(id, Labels.fromSorted(JSON.parse(labels)));
    else
      setAside({ kind: 'series', key: `${id}`, reason: 'the digest does not match' }, labels, () =>
        remove.run(id),
      );
  }
}

function readChunks(database: DatabaseSync, replay: Replay, setAside: SetAside): void {
  const bad: Array<{ series: number; chunk: StoredChunk; reason: string }> = [];
  const select = database.prepare(
    'SELECT series, start, finish, count, digest, payload FROM chunks ORDER BY series, start',
  );
  for (const row of select.iterate()) {
    const series = Number(row.series);
    const chunk: StoredChunk = {
      minTime: Number(row.start),
      maxTime: Number(row.finish),
      count: Number(row.count),
      payload: row.payload as Uint8Array,
    };
    if (chunkDigest(series, chunk) !== row.digest)
      bad.push({ series, chunk, reason: 'the digest does not match' });
    else if (!replay.chunk(series, chunk)) bad.push({ series, chunk, reason: 'it fits no series' });
  }
  const remove = database.prepare('DELETE FROM chunks WHERE series = ? AND start = ?');
  for (const { series, chunk, reason } of bad)
    setAside({ kind: 'chunk', key: `${series} at ${chunk.minTime}`, reason }, chunk.payload, () =>
      remove.run(series, chunk.minTime),
    );
}

/** The sequence numbers must follow one on the other from the checkpoint on, as far as that is legible. */
function readLog(database: DatabaseSync, replay: Replay, acknowledged: number, setAside: SetAside) {
  const rows = database.prepare('SELECT sequence, digest, payload FROM log ORDER BY sequence').all();
  const remove = database.prepare('DELETE FROM log WHERE sequence = ?');
  const firstSequence = Number(rows[0]?.sequence ?? acknowledged + 1);
  let last = readCheckpoint(database, setAside) ?? firstSequence - 1;
  let logBytes = 0;
  for (const row of rows) {
    const sequence = Number(row.sequence);
    const payload = row.payload as Uint8Array;
    const key = `${sequence}`;
    if (sequence !== last + 1)
      setAside(
        { kind: 'missing', key: `${last + 1} to ${sequence - 1}`, reason: 'the log has a gap' },
        '',
        () => {},
      );
    last = sequence;
    const batch = logDigest(sequence, payload) === row.digest ? decodeLogRecord(payload) : undefined;
    if (batch) {
      replay.log(batch);
      logBytes += payload.length;
    } else {
      setAside({ kind: 'log', key, reason: 'the digest does not match' }, payload, () =>
        remove.run(sequence),
      );
    }
  }
  return { sequence: last, logBytes };
}

function readCheckpoint(database: DatabaseSync, setAside: SetAside): number | undefined {
  const row = database.prepare('SELECT sequence, digest FROM checkpoint').get();
  if (!row) return 0;
  const sequence = Number(row.sequence);
  if (checkpointDigest(sequence) === row.digest) return sequence;
  setAside({ kind: 'checkpoint', key: `${sequence}`, reason: 'the digest does not match' }, '', () =>
    database.exec('DELETE FROM checkpoint'),
  );
  return undefined;
}

function createJournal(
  database: DatabaseSync,
  mark: AcknowledgedMark,
  logger: Logger,
  lastSequence: number,
  replayedBytes: number,
): Journal {
  const statements = {
    series: database.prepare('INSERT INTO series (id, digest, labels) VALUES (?, ?, ?)'),
    log: database.prepare('INSERT INTO log (sequence, digest, payload) VALUES (?, ?, ?)'),
    chunk: database.prepare(
      'INSERT OR REPLACE INTO chunks (series, start, finish, count, digest, payload) VALUES (?, ?, ?, ?, ?, ?)',
    ),
    dropLog: database.prepare('DELETE FROM log WHERE sequence <= ?'),
    dropChunks: database.prepare('DELETE FROM chunks WHERE series = ? AND start < ?'),
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

  function insertChunk(series: number, chunk: StoredChunk): void {
    const { minTime, maxTime, count } = chunk;
    // SQLite and zlib take ordinary memory only.
    const payload = chunk.payload.slice();
    const digest = chunkDigest(series, { ...chunk, payload });
    statements.chunk.run(series, minTime, maxTime, count, digest, payload);
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
        for (const [series, minTime] of beginnings) statements.dropChunks.run(series, minTime);
        for (const id of gone) {
          statements.dropChunks.run(id, Number.MAX_SAFE_INTEGER);
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
