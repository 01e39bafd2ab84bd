import { type Milliseconds, messageOf, UserError } from '../core/index.ts';
import { type AppendContext, createAppender } from './appender.ts';
import type { Damage } from './damage.ts';
import { createExemplarStore } from './exemplars.ts';
import { createHead, type Head } from './head.ts';
import { type Journal, memoryJournal, type NewSeries, type Replay } from './journal.ts';
import { createQuerier } from './querier.ts';
import { createReaderHub } from './reader-hub.ts';
import { createReplay } from './replay.ts';
import type { SampleBatch } from './sample-batch.ts';
import type { StoredChunk } from './series-memory.ts';
import { timeSpan } from './series-state.ts';
import { openSqliteJournal } from './sqlite-journal.ts';
import type { Store, StoreOptions } from './store.ts';
import { createStoreMetrics } from './store-metrics.ts';

const DEFAULT_MAX_SERIES = 1_000_000;
const DEFAULT_CHUNK_SIZE = 120;
const LARGEST_CHUNK_SIZE = 10_000;
const DEFAULT_LEAD: Milliseconds = 600_000;
/** A log beyond this is moved into chunks at once, so that an import does not wait for maintenance. */
const LOG_LIMIT = 8 << 20;
/** Joining takes some 50 µs: a round of maintenance must not hold up an evaluation. */
const JOINS_A_ROUND = 300;
/** A series that got nothing for this long has ended as far as its open columns are concerned. */
const IDLE: Milliseconds = 3_600_000;

/**
 * Opens the sample store and reads back what was acknowledged. Damage is set aside, logged, counted and listed in
 * `statistics().damages`; the rest is there.
 *
 * @throws UserError `store-locked`, `store-unavailable` or `store-too-new`; see `openDatabase`.
 */
export function openStore(options: StoreOptions): Store {
  const { clock, logger, retention, chunkSize = DEFAULT_CHUNK_SIZE } = options;
  if (!(chunkSize >= 2 && chunkSize <= LARGEST_CHUNK_SIZE))
    throw new UserError(
      'bad-chunk-size',
      `chunk size ${chunkSize} is not between 2 and ${LARGEST_CHUNK_SIZE}`,
    );
  const head = createHead(chunkSize);
  const { view } = head;
  const exemplars = createExemplarStore();
  const hub = createReaderHub(head, reclaim);
  const damages: Damage[] = [];
  /** By series id: everything up to this instant is in stored chunks. */
  const stored = new Map<number, Milliseconds>();
  let samplesAppended = 0;
  let closed = false;
  /** Dropped from memory, not yet from disk. */
  const beginnings = new Map<number, Milliseconds>();
  const gone = new Set<number>();
  let journal: Journal = memoryJournal;

  const metrics = createStoreMetrics(options.registry, {
    series: () => view.index.size,
    chunks: () => head.counts.chunks,
    memoryBytes: () => head.usedBytes(),
    diskBytes: () => journal.diskBytes(),
    logBytes: () => journal.logBytes(),
    minTime: () => span(head).min ?? Number.NaN,
    maxTime: () => span(head).max ?? Number.NaN,
    retention,
  });

  function onDamage(damage: Damage): void {
    damages.push(damage);
    metrics.onDamage(damage.kind);
    logger.error(damage, 'the sample store is damaged here; the rest is kept');
  }

  function reclaim(): void {
    head.reclaim(Math.min(view.oldestHeld(), hub.oldestHeld()));
  }

  function afterChange(): void {
    if (!hub.hasReaders()) hub.flush();
    reclaim();
  }

  function commit(newSeries: readonly NewSeries[], batch: SampleBatch): void {
    const start = clock.monotonic();
    try {
      journal.append(newSeries, batch);
    } catch (error) {
      metrics.onCommitFailed();
      throw error;
    }
    head.begin();
    for (const { id, labels } of newSeries) head.addSeries(id, labels);
    head.append(batch);
    afterChange();
    samplesAppended += batch.count;
    metrics.onCommit(batch.count, newSeries.length, clock.monotonic() - start);
    if (journal.logBytes() <= LOG_LIMIT) return;
    joinShortChunks(Number.POSITIVE_INFINITY);
    checkpoint();
  }

  /** Makes long chunks of short ones; the next checkpoint writes them in the place of those. */
  function joinShortChunks(most: number): boolean {
    let joined = 0;
    head.begin();
    for (const id of view.index.ids) {
      if (joined >= most) break;
      const since = head.join(id);
      if (since === undefined) continue;
      joined++;
      stored.set(id, Math.min(stored.get(id) ?? Number.NEGATIVE_INFINITY, since - 1));
    }
    afterChange();
    return joined > 0;
  }

  function* unstoredChunks(written: Map<number, Milliseconds>): Generator<readonly [number, StoredChunk]> {
    for (const id of view.index.ids) {
      const after = stored.get(id) ?? Number.NEGATIVE_INFINITY;
      if (head.newest.time(id) <= after) continue;
      for (const chunk of head.chunksSince(id, after)) yield [id, chunk];
      written.set(id, head.newest.time(id));
    }
  }

  function checkpoint(): void {
    const written = new Map<number, Milliseconds>();
    try {
      journal.checkpoint({ chunks: unstoredChunks(written), beginnings, gone });
    } catch (error) {
      metrics.onCheckpoint(false);
      logger.error(
        { error: messageOf(error) },
        'the log could not be moved into chunks; it will be tried again',
      );
      return;
    }
    metrics.onCheckpoint(true);
    for (const [id, until] of written) stored.set(id, until);
    for (const id of gone) stored.delete(id);
    beginnings.clear();
    gone.clear();
  }

  function trim(): void {
    head.begin();
    const trimmed = head.trim(clock.now() - retention);
    head.sealIdle(clock.now() - IDLE);
    afterChange();
    for (const [id, minTime] of trimmed.beginnings) beginnings.set(id, minTime);
    for (const id of trimmed.gone) gone.add(id);
    if (trimmed.gone.length === 0) return;
    metrics.onSeriesRemoved(trimmed.gone.length);
    exemplars.prune(labels => head.idOf(labels) !== undefined);
  }

  function maintain(): void {
    trim();
    const hasJoined = joinShortChunks(JOINS_A_ROUND);
    if (hasJoined || journal.logBytes() > 0 || beginnings.size > 0 || gone.size > 0) checkpoint();
    hub.flush();
  }

  const context: AppendContext = {
    head,
    clock,
    exemplars: {
      ...exemplars,
      add(series, exemplar) {
        const added = exemplars.add(series, exemplar);
        if (added) metrics.onExemplar();
        return added;
      },
    },
    limits: {
      retention,
      lead: options.lead ?? DEFAULT_LEAD,
      maxSeries: options.maxSeries ?? DEFAULT_MAX_SERIES,
    },
    commit,
    onRefused: metrics.onRefused,
  };

  if (options.directory !== undefined) {
    const replay: Replay = createReplay(head, stored, onDamage);
    journal = openSqliteJournal({ directory: options.directory, clock, logger, onDamage }, replay);
    afterChange();
    // What was found damaged or short must not be found again by the next start.
    if (journal.logBytes() > 0 || damages.length > 0) checkpoint();
  }

  return {
    querier: (from, to) => createQuerier(view, from, to, reclaim),
    appender: () => createAppender(context),
    connectReader: port => hub.connect(port),
    flushReaders: () => hub.flush(),
    exemplars: (sets, from, to) => exemplars.query(sets, from, to),
    statistics() {
      const { min, max } = span(head);
      return {
        series: view.index.size,
        samples: head.counts.samples,
        chunks: head.counts.chunks,
        samplesAppended,
        minTime: min,
        maxTime: max,
        memoryBytes: head.usedBytes(),
        reservedBytes: view.slabs.totalBytes,
        diskBytes: journal.diskBytes(),
        logBytes: journal.logBytes(),
        damages,
      };
    },
    maintain,
    close() {
      if (closed) return;
      closed = true;
      if (journal.logBytes() > 0) checkpoint();
      hub.close();
      journal.close();
    },
  };
}

function span({ view }: Head): { min: Milliseconds | undefined; max: Milliseconds | undefined } {
  let min: number | undefined;
  let max: number | undefined;
  for (const state of view.states) {
    const own = state && timeSpan(view.slabs, state);
    if (!own) continue;
    min = Math.min(min ?? own.min, own.min);
    max = Math.max(max ?? own.max, own.max);
  }
  return { min, max };
}
