import { Registry } from 'prom-client';
import {
  createMatcher,
  createVirtualClock,
  Labels,
  type MatchOperator,
  milliseconds,
  silentLogger,
} from '../core/index.ts';
import { isStaleAt, type Queryable, type Samples } from '../promql/storage.ts';
import { openStore } from './open-store.ts';
import type { Store, StoreOptions } from './store.ts';

/** An instant that means nothing, for tests. */
export const EPOCH = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;

/** In memory unless a directory is given; `maintain` then stores at once. */
export function openTestStore(changes: Partial<StoreOptions> = {}): Store {
  return openStore({
    clock: createVirtualClock(milliseconds(EPOCH)),
    logger: silentLogger,
    registry: new Registry(),
    retention: 30 * DAY,
    checkpointInterval: 0,
    ...changes,
  });
}

export const labels = (name: string, rest: Record<string, string> = {}) =>
  Labels.of({ __name__: name, ...rest });

export const match = (name: string, operator: MatchOperator, value: string) =>
  createMatcher(name, operator, value);

/** A sample as `[timestamp, value]`; a staleness marker has the value 'stale'. */
export type Point = readonly [timestamp: number, value: number | 'stale'];

export function points({ timestamps, values, start, end }: Samples): Point[] {
  const found: Point[] = [];
  for (let i = start; i < end; i++) found.push([timestamps[i]!, isStaleAt(values, i) ? 'stale' : values[i]!]);
  return found;
}

/** Everything a store holds, by the text of the series. */
export function contentOf(store: Queryable, from = -(2 ** 52), to = 2 ** 52): Record<string, Point[]> {
  const querier = store.querier(from, to);
  const content = querier
    .select([])
    .map(series => [series.labels.toString(), points(series.samples(from, to))]);
  querier.close();
  return Object.fromEntries(content);
}

/** Appends and commits one sample a series. */
export function write(store: Store, timestamp: number, values: Record<string, number | 'stale'>): void {
  const appender = store.appender();
  for (const [name, value] of Object.entries(values)) {
    if (value === 'stale') appender.appendStale(labels(name), timestamp);
    else appender.append(labels(name), timestamp, value);
  }
  appender.commit();
}
