import type { DatabaseSync } from 'node:sqlite';
import { type Clock, Labels, type Logger, messageOf } from '../core/index.ts';
import { inTransaction } from '../sqlite/index.ts';
import { decodeChunkRecord } from './chunk-record.ts';
import { CHUNK_TABLES, type ChunkTableName } from './chunk-tables.ts';
import type { Damage } from './damage.ts';
import { decodeDeletions } from './deletion-record.ts';
import type { Replay } from './journal.ts';
import { decodeLogRecord } from './log-record.ts';
import { checkpointDigest, deletionsDigest, logDigest, seriesDigest } from './row-digests.ts';
import { LogKind } from './schema.ts';
import type { StoredRows } from './stored-rows.ts';

export interface ReadContext {
  readonly clock: Pick<Clock, 'now'>;
  readonly logger: Logger;
  /** Told of everything that was found damaged. */
  readonly onDamage: (damage: Damage) => void;
}

/** Where the log ends. */
export interface LogEnd {
  /** The last transaction that is there. */
  readonly sequence: number;
  readonly logBytes: number;
  /** The last transaction in the log that holds deletions, or 0. */
  readonly lastDeletions: number;
  /** The last transaction that is all in chunks; undefined where that is not legible. */
  readonly checkpoint: number | undefined;
}

type SetAside = (damage: Damage, content: Uint8Array | string, remove: () => void) => void;

/** Moves a row into the quarantine table; where the disk refuses, the row stays and is told all the same. */
function quarantineInto(database: DatabaseSync, { clock, logger, onDamage }: ReadContext): SetAside {
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

/**
 * Hands everything that is whole to `replay` and sets the rest aside. `acknowledged` is the last transaction that is
 * known to have been there.
 */
export function readJournal(
  database: DatabaseSync,
  replay: Replay,
  rows: StoredRows,
  acknowledged: number,
  context: ReadContext,
): LogEnd {
  const setAside = quarantineInto(database, context);
  readSeries(database, replay, setAside);
  for (const table of CHUNK_TABLES) readChunks(database, table, replay, rows, setAside);
  replay.chunksDone();
  const end = readLog(database, replay, acknowledged, setAside);
  replay.logDone(end.sequence);
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

function readChunks(
  database: DatabaseSync,
  table: ChunkTableName,
  replay: Replay,
  rows: StoredRows,
  setAside: SetAside,
): void {
  const bad: Array<{ id: number; record: Uint8Array; key: string; reason: string }> = [];
  const select = database.prepare(`SELECT id, record FROM ${table} ORDER BY id`);
  select.setReturnArrays(true);
  for (const row of select.iterate()) {
    const [id, record] = row as unknown as [number, Uint8Array];
    const decoded = decodeChunkRecord(record);
    if (!decoded) {
      bad.push({ id, record, key: `${table} ${id}`, reason: 'the digest does not match' });
      continue;
    }
    const { series, chunk } = decoded;
    const start = chunk.minTime;
    if (replay.chunk(series, chunk)) rows.add(series, { start, table, row: id });
    else bad.push({ id, record, key: `${series} at ${start}`, reason: 'it fits no series' });
  }
  const remove = database.prepare(`DELETE FROM ${table} WHERE id = ?`);
  for (const { id, record, key, reason } of bad)
    setAside({ kind: 'chunk', key, reason }, record, () => remove.run(id));
}

/** The sequence numbers must follow one on the other from the checkpoint on, as far as that is legible. */
function readLog(database: DatabaseSync, replay: Replay, acknowledged: number, setAside: SetAside): LogEnd {
  const rows = database.prepare('SELECT sequence, digest, payload, kind FROM log ORDER BY sequence').all();
  const remove = database.prepare('DELETE FROM log WHERE sequence = ?');
  const firstSequence = Number(rows[0]?.sequence ?? acknowledged + 1);
  const checkpoint = readCheckpoint(database, setAside);
  let last = checkpoint ?? firstSequence - 1;
  let logBytes = 0;
  let lastDeletions = 0;
  for (const row of rows) {
    const sequence = Number(row.sequence);
    const payload = row.payload as Uint8Array;
    if (sequence !== last + 1)
      setAside(
        { kind: 'missing', key: `${last + 1} to ${sequence - 1}`, reason: 'the log has a gap' },
        '',
        () => {},
      );
    last = sequence;
    const replayRecord = recordOf(replay, Number(row.kind), sequence, payload, Number(row.digest));
    if (replayRecord) {
      replayRecord();
      logBytes += payload.length;
      if (row.kind === LogKind.deletions) lastDeletions = sequence;
    } else {
      setAside({ kind: 'log', key: `${sequence}`, reason: 'the digest does not match' }, payload, () =>
        remove.run(sequence),
      );
    }
  }
  return { sequence: last, logBytes, lastDeletions, checkpoint };
}

/** What replays a row of the log; undefined when it is damaged. */
function recordOf(
  replay: Replay,
  kind: number,
  sequence: number,
  payload: Uint8Array,
  digest: number,
): (() => void) | undefined {
  if (kind === LogKind.samples) {
    const batch = logDigest(sequence, payload) === digest ? decodeLogRecord(payload) : undefined;
    return batch && (() => replay.log(batch));
  }
  const deletions = deletionsDigest(sequence, payload) === digest ? decodeDeletions(payload) : undefined;
  return deletions && (() => replay.deletions(deletions, sequence));
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
