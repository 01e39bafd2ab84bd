import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { type Milliseconds, toSeconds } from '../core/index.ts';
import type { AppendOutcome, ExemplarOutcome } from '../promql/storage.ts';
import type { Damage } from './damage.ts';
import { createExemplarMetrics } from './exemplar-metrics.ts';
import type { ExemplarFigures } from './exemplars.ts';

export interface StoreMetrics {
  onCommit(samples: number, newSeries: number, took: Milliseconds): void;
  onBackfill(samples: number, newSeries: number): void;
  onCommitFailed(): void;
  onRefused(outcome: Exclude<AppendOutcome, 'appended'>): void;
  onDamage(kind: Damage['kind']): void;
  onCheckpoint(ok: boolean): void;
  onRetention(reason: 'time' | 'size'): void;
  onSeriesRemoved(count: number): void;
  /** What became of one that was committed. */
  onExemplar(outcome: ExemplarOutcome): void;
}

/** What gauges ask for when they are scraped. */
export interface StoreGauges {
  readonly series: () => number;
  readonly chunks: () => number;
  readonly memoryBytes: () => number;
  readonly diskBytes: () => number;
  readonly logBytes: () => number;
  /** NaN when there are no samples. */
  readonly minTime: () => number;
  readonly maxTime: () => number;
  readonly retention: Milliseconds;
  readonly retentionBytes: number | undefined;
  readonly exemplars: () => ExemplarFigures;
  readonly maxExemplars: number;
}

/** Names that begin with `prometheus_tsdb_` mean what they mean in Prometheus 3. */
export function createStoreMetrics(registry: Registry, gauges: StoreGauges): StoreMetrics {
  const registers = [registry];
  const counter = (name: string, help: string) => new Counter({ name, help, registers });
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });

  gauge('prometheus_tsdb_head_series', 'Series in the store.', gauges.series);
  gauge('prometheus_tsdb_head_chunks', 'Sealed chunks in the store.', gauges.chunks);
  gauge('prometheus_tsdb_head_min_time', 'Oldest sample, Unix milliseconds.', gauges.minTime);
  gauge('prometheus_tsdb_head_max_time', 'Newest sample, Unix milliseconds.', gauges.maxTime);
  gauge('prometheus_tsdb_lowest_timestamp', 'Oldest sample, Unix milliseconds.', gauges.minTime);
  gauge('prometheus_tsdb_retention_limit_seconds', 'How long samples are kept.', () =>
    toSeconds(gauges.retention),
  );
  gauge(
    'prometheus_tsdb_retention_limit_bytes',
    'How many bytes of samples are kept; 0 without a limit.',
    () => gauges.retentionBytes ?? 0,
  );
  gauge('prometheus_tsdb_storage_blocks_bytes', 'Size of the store on disk.', gauges.diskBytes);
  gauge('prometheus_tsdb_wal_storage_size_bytes', 'Log that no checkpoint has dropped yet.', gauges.logBytes);
  gauge('slo_guard_tsdb_memory_bytes', 'Shared memory in use for samples.', gauges.memoryBytes);

  const appended = new Counter({
    name: 'prometheus_tsdb_head_samples_appended_total',
    help: 'Samples committed.',
    labelNames: ['type'],
    registers,
  });
  appended.inc({ type: 'float' }, 0);
  const refused = new Counter({
    name: 'slo_guard_tsdb_samples_refused_total',
    help: 'Samples that were not taken, by outcome.',
    labelNames: ['outcome'],
    registers,
  });
  const damage = new Counter({
    name: 'slo_guard_tsdb_damage_total',
    help: 'Pieces of the store that were found damaged on opening, by kind.',
    labelNames: ['kind'],
    registers,
  });
  const commitDuration = new Histogram({
    name: 'slo_guard_tsdb_commit_duration_seconds',
    help: 'Time to make a transaction durable and visible.',
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
    registers,
  });
  const created = counter('prometheus_tsdb_head_series_created_total', 'Series created.');
  const removed = counter('prometheus_tsdb_head_series_removed_total', 'Series dropped.');
  const outOfOrder = counter('prometheus_tsdb_out_of_order_samples_total', 'Samples that were out of order.');
  const outOfBound = counter(
    'prometheus_tsdb_out_of_bound_samples_total',
    'Samples that were out of bounds.',
  );
  const corruptions = counter('prometheus_tsdb_wal_corruptions_total', 'Damaged or missing log records.');
  const checkpoints = counter('prometheus_tsdb_checkpoint_creations_total', 'Checkpoints attempted.');
  const checkpointsFailed = counter(
    'prometheus_tsdb_checkpoint_creations_failed_total',
    'Checkpoints that the disk refused.',
  );
  const retentions = {
    time: counter('prometheus_tsdb_time_retentions_total', 'Times that samples were dropped for their age.'),
    size: counter(
      'prometheus_tsdb_size_retentions_total',
      'Times that samples were dropped for want of room.',
    ),
  };
  const commitsFailed = counter('slo_guard_tsdb_commits_failed_total', 'Transactions that the disk refused.');

  return {
    onCommit(samples, newSeries, took) {
      appended.inc({ type: 'float' }, samples);
      created.inc(newSeries);
      commitDuration.observe(toSeconds(took));
    },
    onBackfill(samples, newSeries) {
      appended.inc({ type: 'float' }, samples);
      created.inc(newSeries);
    },
    onCommitFailed: () => commitsFailed.inc(),
    onRefused(outcome) {
      refused.inc({ outcome });
      if (outcome === 'out-of-order') outOfOrder.inc();
      if (outcome === 'out-of-bounds') outOfBound.inc();
    },
    onDamage(kind) {
      damage.inc({ kind });
      if (kind === 'log' || kind === 'missing') corruptions.inc();
    },
    onCheckpoint(ok) {
      checkpoints.inc();
      if (!ok) checkpointsFailed.inc();
    },
    onRetention: reason => retentions[reason].inc(),
    onSeriesRemoved: count => removed.inc(count),
    onExemplar: createExemplarMetrics(registry, gauges.exemplars, gauges.maxExemplars),
  };
}
