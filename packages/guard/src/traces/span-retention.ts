import type { DatabaseSync } from 'node:sqlite';
import type { Milliseconds } from '../core/index.ts';
import { inTransaction } from '../sqlite/index.ts';

/** Traces and spans removed in one transaction, so that no write waits long behind it. */
const MAX_TRACES_PER_STEP = 500;
const MAX_SPANS_PER_STEP = 5000;

export interface RetentionBounds {
  /** Traces that got no span since then go. */
  readonly before: Milliseconds;
  /** Of the rest, the ones that got no span for longest go until so many spans are left. */
  readonly maxSpans: number;
}

export interface RetentionStep {
  readonly byAge: number;
  readonly byCount: number;
  /** Whether another step has something to do. */
  readonly more: boolean;
}

/** Does one step of removing old traces, whole ones only. */
export function createRetention(database: DatabaseSync): (bounds: RetentionBounds) => RetentionStep {
  const oldest = database.prepare(
    `SELECT id, seen_ms, span_count FROM traces ORDER BY seen_ms, id LIMIT ${MAX_TRACES_PER_STEP}`,
  );
  const total = database.prepare('SELECT total(span_count) AS spans FROM traces');
  const deleteSpans = database.prepare('DELETE FROM spans WHERE trace = ?');
  const deleteTrace = database.prepare('DELETE FROM traces WHERE id = ?');
  const deleteOperations = database.prepare('DELETE FROM operations WHERE seen_ms < ?');
  // Marks are up to a minute old, and a context is only dropped when no span of its service refers to it.
  const deleteContexts = database.prepare(
    `DELETE FROM contexts WHERE id IN (
       SELECT id FROM contexts c WHERE seen_ms < ?
       AND NOT EXISTS (SELECT 1 FROM spans WHERE service = c.service AND context = c.id) LIMIT 20)`,
  );
  const MARKING: Milliseconds = 120_000;

  return ({ before, maxSpans }) =>
    inTransaction(database, () => {
      let excess = Number(total.get()!.spans) - maxSpans;
      let byAge = 0;
      let byCount = 0;
      let traces = 0;
      for (const row of oldest.all()) {
        const spans = Number(row.span_count);
        const isOld = Number(row.seen_ms) < before;
        if (!isOld && excess <= 0) break;
        if (byAge + byCount >= MAX_SPANS_PER_STEP) {
          return { byAge, byCount, more: true };
        }
        deleteSpans.run(Number(row.id));
        deleteTrace.run(Number(row.id));
        excess -= spans;
        traces++;
        if (isOld) byAge += spans;
        else byCount += spans;
      }
      deleteOperations.run(before - MARKING);
      deleteContexts.run(before - MARKING);
      return { byAge, byCount, more: traces === MAX_TRACES_PER_STEP };
    });
}
