import { Registry } from 'prom-client';
import { createVirtualClock, type Milliseconds, silentLogger, type VirtualClock } from '../core/index.ts';
import { createEngine, type PromqlEngine, type SeriesLine } from '../promql/index.ts';
import { openStore, type Store } from '../tsdb/index.ts';

/** A store in memory, on a clock of its own, that the input series go into as time goes on. */
export interface TestStore {
  readonly clock: VirtualClock;
  readonly store: Store;
  readonly engine: PromqlEngine;
  readonly registry: Registry;
  /** Moves the clock to `at` and appends every input sample that is due by then. */
  advanceTo(at: Milliseconds): Promise<void>;
}

export interface TestStoreOptions {
  readonly series: readonly SeriesLine[];
  readonly start: Milliseconds;
  /** Between two values of a series. */
  readonly interval: Milliseconds;
  /** The step of subqueries that give none. */
  readonly evaluationInterval: Milliseconds;
}

/** Prometheus's own defaults; windows are not bounded as promtool's are (10,000 samples). */
const LOOKBACK: Milliseconds = 300_000;
const MAX_SAMPLES = 50_000_000;

export function createTestStore({
  series,
  start,
  interval,
  evaluationInterval,
}: TestStoreOptions): TestStore {
  const clock = createVirtualClock(start);
  const registry = new Registry();
  const store = openStore({
    clock,
    registry,
    logger: silentLogger,
    retention: Number.POSITIVE_INFINITY,
    lead: 0,
  });
  // Of a series that is given twice the last one holds.
  const inputs = [...new Map(series.map(line => [line.labels.key, line])).values()];
  let next = 0;
  return {
    clock,
    store,
    registry,
    engine: createEngine({
      lookbackDelta: LOOKBACK,
      maxSamples: MAX_SAMPLES,
      noStepSubqueryInterval: evaluationInterval,
    }),
    async advanceTo(at) {
      await clock.advance(at - clock.now());
      const due = Math.floor((at - start) / interval) + 1;
      if (due <= next || inputs.length === 0) return;
      const appender = store.appender();
      for (const { labels, values } of inputs)
        for (let i = next; i < Math.min(due, values.length); i++) {
          const value = values[i]!;
          if (value === 'stale') appender.appendStale(labels, start + i * interval);
          else if (value !== 'omitted') appender.append(labels, start + i * interval, value);
        }
      appender.commit();
      next = due;
    },
  };
}
