import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Milliseconds } from '../core/index.ts';
import { inTransaction } from '../sqlite/index.ts';
import { CELLS, CELLS_PER_SPAN, type ContextRow, type SpanBatch } from './rows.ts';

/** Names and contexts that were seen need not be marked again for so long: it spares a write per batch. */
const MARK_AGAIN_AFTER: Milliseconds = 60_000;
/** Entries kept of what was marked; beyond it, all are forgotten and looked up again. */
const MAX_REMEMBERED = 5000;

export interface SpanWriter {
  /** Commits the batches in one transaction; gives the number of new spans of each. */
  write(batches: readonly SpanBatch[], now: Milliseconds): number[];
  /** Must be called after rows were removed by others. */
  forget(): void;
}

interface KnownContext {
  readonly id: number;
  readonly service: number;
  readonly marked: Milliseconds;
}

const hexToBlob = (hex: string) => Buffer.from(hex, 'hex');

export function createSpanWriter(database: DatabaseSync): SpanWriter {
  const insertService = database.prepare(
    'INSERT INTO services (name) VALUES (?) ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING id',
  );
  const insertContext = database.prepare(
    `INSERT INTO contexts (digest, service, content, seen_ms) VALUES (?, ?, ?, ?)
     ON CONFLICT (digest) DO UPDATE SET seen_ms = max(seen_ms, excluded.seen_ms) RETURNING id`,
  );
  const insertOperation = database.prepare(
    `INSERT INTO operations (service, name, kind, seen_ms) VALUES (?, ?, ?, ?)
     ON CONFLICT (service, name, kind) DO UPDATE SET seen_ms = max(seen_ms, excluded.seen_ms)`,
  );
  const insertTrace = database.prepare(
    `INSERT INTO traces (trace_id, seen_ms, span_count) VALUES (?, ?, 0)
     ON CONFLICT (trace_id) DO UPDATE SET seen_ms = max(seen_ms, excluded.seen_ms) RETURNING id`,
  );
  const countSpans = database.prepare('UPDATE traces SET span_count = span_count + ? WHERE id = ?');
  const insertSpan = database.prepare(
    'INSERT INTO spans VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (trace, span_id) DO NOTHING',
  );
  const contexts = new Map<string, KnownContext>();
  const operations = new Map<string, Milliseconds>();

  function contextOf({ service, content }: ContextRow, now: Milliseconds): KnownContext {
    const digest = createHash('sha256').update(content).digest();
    const key = digest.toString('latin1');
    const known = contexts.get(key);
    if (known && now - known.marked < MARK_AGAIN_AFTER) return known;
    const serviceId = Number(insertService.get(service)!.id);
    const id = Number(insertContext.get(digest, serviceId, content, now)!.id);
    const fresh = { id, service: serviceId, marked: now };
    if (contexts.size >= MAX_REMEMBERED) contexts.clear();
    contexts.set(key, fresh);
    return fresh;
  }

  function markOperation(service: number, name: string, kind: number, now: Milliseconds): void {
    const key = `${service} ${kind} ${name}`;
    const marked = operations.get(key);
    if (marked !== undefined && now - marked < MARK_AGAIN_AFTER) return;
    insertOperation.run(service, name, kind, now);
    if (operations.size >= MAX_REMEMBERED) operations.clear();
    operations.set(key, now);
  }

  /** Trace id to row number and spans that were new, for one transaction. */
  type Traces = Map<string, { id: number; added: number }>;

  function traceOf(traces: Traces, traceId: string, now: Milliseconds) {
    let trace = traces.get(traceId);
    if (!trace) {
      trace = { id: Number(insertTrace.get(hexToBlob(traceId), now)!.id), added: 0 };
      traces.set(traceId, trace);
    }
    return trace;
  }

  function writeBatch({ contexts: rows, cells }: SpanBatch, traces: Traces, now: Milliseconds): number {
    let added = 0;
    const known = rows.map(row => contextOf(row, now));
    for (let at = 0; at < cells.length; at += CELLS_PER_SPAN) {
      const cell = <T extends string | number>(name: keyof typeof CELLS) => cells[at + CELLS[name]] as T;
      const trace = traceOf(traces, cell('traceId'), now);
      const context = known[cell<number>('context')]!;
      const operation = cell<string>('operation');
      const kind = cell<number>('kind');
      const parent = cell<string>('parentSpanId');
      const { changes } = insertSpan.run(
        trace.id,
        hexToBlob(cell('spanId')),
        parent === '' ? null : hexToBlob(parent),
        context.service,
        context.id,
        operation,
        kind,
        cell<number>('startMicros'),
        cell<number>('durationNanos'),
        cell<number>('error'),
        cell<string>('content'),
      );
      trace.added += Number(changes);
      added += Number(changes);
      markOperation(context.service, operation, kind, now);
    }
    return added;
  }

  function forget(): void {
    contexts.clear();
    operations.clear();
  }

  return {
    forget,
    write(batches, now) {
      try {
        return inTransaction(database, () => {
          const traces: Traces = new Map();
          const added = batches.map(batch => writeBatch(batch, traces, now));
          for (const trace of traces.values()) if (trace.added > 0) countSpans.run(trace.added, trace.id);
          return added;
        });
      } catch (error) {
        // What was rolled back must not be remembered as stored.
        forget();
        throw error;
      }
    },
  };
}
