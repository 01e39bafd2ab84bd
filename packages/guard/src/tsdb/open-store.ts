import { type Milliseconds, UserError } from '../core/index.ts';
import { type AppendContext, createAppender } from './appender.ts';
import { backfill } from './backfill.ts';
import { cleanTombstones } from './clean-tombstones.ts';
import type { Damage } from './damage.ts';
import { deleteSeries } from './delete-series.ts';
import { createExemplarStore } from './exemplars.ts';
import { createHead, type Head } from './head.ts';
import { createJobs } from './jobs.ts';
import { type Journal, memoryJournal, type NewSeries, type Replay } from './journal.ts';
import { maintain } from './maintain.ts';
import { createMaintenance } from './maintenance.ts';
import { createQuerier } from './querier.ts';
import { createReaderHub } from './reader-hub.ts';
import { createReplay } from './replay.ts';
import { timeCutoff } from './retention.ts';
import type { SampleBatch } from './sample-batch.ts';
import { longFrom } from './series-memory.ts';
import { timeSpan } from './series-state.ts';
import { takeSnapshot } from './snapshot.ts';
import { openSqliteJournal } from './sqlite-journal.ts';
import type { Store, StoreOptions } from './store.ts';
import { createStoreMetrics } from './store-metrics.ts';
import type { StoreParts } from './store-parts.ts';
import { createUnstored } from './unstored.ts';

const DEFAULT_MAX_SERIES = 1_000_000;
const DEFAULT_CHUNK_SIZE = 120;
const DEFAULT_MAX_EXEMPLARS = 100_000;
const LARGEST_CHUNK_SIZE = 10_000;
const DEFAULT_LEAD: Milliseconds = 600_000;
const DEFAULT_CHECKPOINT_INTERVAL: Milliseconds = 1_800_000;
/** Readers hold what they were told of: when so much of it has been replaced, they are told without a query. */
const RETIRED_LIMIT = 8 << 20;

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
  const maxExemplars = Math.max(0, options.maxExemplars ?? DEFAULT_MAX_EXEMPLARS);
  const exemplars = createExemplarStore(maxExemplars);
  const hub = createReaderHub(head, reclaim);
  const damages: Damage[] = [];
  const unstored = createUnstored();
  const jobs = createJobs();
  let samplesAppended = 0;
  let closed = false;
  let journal: Journal = memoryJournal;

  const metrics = createStoreMetrics(options.registry, {
    series: () => view.index.size,
    chunks: () => head.counts.chunks,
    memoryBytes: () => head.usedBytes(),
    diskBytes: () => journal.diskBytes(),
    logBytes: () => journal.logBytes(),
    minTime: () => span(head)?.min ?? Number.NaN,
    maxTime: () => span(head)?.max ?? Number.NaN,
    retention,
    retentionBytes: options.retentionBytes,
    exemplars: exemplars.figures,
    maxExemplars,
  });

  function onDamage(damage: Damage): void {
    damages.push(damage);
    metrics.onDamage(damage.kind);
    logger.error(damage, 'the sample store is damaged here; the rest is kept');
  }

  /** Bytes that waited to be given back when readers were told last. */
  let toldAt = 0;

  function reclaim(): void {
    head.reclaim(Math.min(view.oldestHeld(), hub.oldestHeld()));
  }

  function afterChange(): void {
    if (!hub.hasReaders() || head.retiredBytes() > toldAt + RETIRED_LIMIT) {
      hub.flush();
      toldAt = head.retiredBytes();
    }
    reclaim();
    toldAt = Math.min(toldAt, head.retiredBytes());
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
    maintenance.afterCommit();
  }

  function onGone(ids: readonly number[]): void {
    metrics.onSeriesRemoved(ids.length);
  }

  const context: AppendContext = {
    head,
    clock,
    exemplars: {
      ...exemplars,
      add(series, exemplar) {
        const outcome = exemplars.add(series, exemplar);
        if (maxExemplars > 0) metrics.onExemplar(outcome);
        return outcome;
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
    const replay: Replay = createReplay(head, unstored, onDamage);
    const { directory } = options;
    journal = openSqliteJournal(
      { directory, longFrom: longFrom(chunkSize), clock, logger, onDamage },
      replay,
    );
    afterChange();
  }
  const parts: StoreParts = {
    head,
    journal,
    unstored,
    jobs,
    clock,
    logger,
    onChange: afterChange,
    onGone,
  };
  const limits = { retentionBytes: options.retentionBytes, span: () => span(head) };
  const maintenance = createMaintenance(parts, {
    cutoff: () => timeCutoff(span(head)?.max, clock.now(), retention),
    checkpointInterval: options.checkpointInterval ?? DEFAULT_CHECKPOINT_INTERVAL,
    onCheckpoint: metrics.onCheckpoint,
    onRetention: metrics.onRetention,
  });
  // What was found damaged or short must not be found again by the next start.
  if (damages.length > 0) maintenance.passNow();

  return {
    querier: (from, to) => createQuerier(view, from, to, reclaim),
    appender: () => createAppender(context),
    connectReader: port => hub.connect(port),
    flushReaders: () => hub.flush(),
    exemplars: (sets, from, to) => exemplars.query(sets, from, to),
    statistics() {
      const whole = span(head);
      return {
        series: view.index.size,
        samples: head.counts.samples,
        chunks: head.counts.chunks,
        samplesAppended,
        minTime: whole?.min,
        maxTime: whole?.max,
        memoryBytes: head.usedBytes(),
        reservedBytes: view.slabs.totalBytes,
        diskBytes: journal.diskBytes(),
        logBytes: journal.logBytes(),
        damages,
      };
    },
    async maintain() {
      if (closed) return;
      await jobs.run(() => maintain(parts, maintenance, limits)).catch(unlessClosed);
      hub.flush();
    },
    deleteSeries: (sets, from, to) => jobs.run(() => deleteSeries(parts, sets, from, to)),
    cleanTombstones: () => jobs.run(() => cleanTombstones(parts, maintenance)),
    backfill: batch =>
      jobs.run(() =>
        backfill(
          parts,
          {
            maintenance,
            limits: context.limits,
            onStored: (samples, newSeries) => {
              samplesAppended += samples;
              metrics.onBackfill(samples, newSeries);
            },
            onRefused: metrics.onRefused,
          },
          batch,
        ),
      ),
    snapshot: directory => jobs.run(() => takeSnapshot(parts, directory)),
    close() {
      if (closed) return;
      closed = true;
      jobs.close();
      if (journal.logBytes() > 0) maintenance.passNow();
      hub.close();
      journal.close();
    },
  };
}

/** Closing ends maintenance in its midst, which is no failure. */
function unlessClosed(error: unknown): void {
  if (!(error instanceof UserError && error.code === 'store-closed')) throw error;
}

function span({ view }: Head): { min: Milliseconds; max: Milliseconds } | undefined {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const state of view.states) {
    const own = state && timeSpan(view.slabs, state);
    if (!own) continue;
    min = Math.min(min, own.min);
    max = Math.max(max, own.max);
  }
  return max < min ? undefined : { min, max };
}
