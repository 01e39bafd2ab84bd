import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { UserError } from '../core/index.ts';
import type { OperationName, TraceQuery, TraceSummary } from './model.ts';
import { parseContext, parseSpan, type RawTrace, type StoredContext } from './rows.ts';
import { type SummarySpan, summarize } from './summary.ts';
import { createTagSieve, matchesTags } from './tags.ts';

/** Spans of one trace, and of all traces of one answer, and their characters: the worker's heap is small. */
const MAX_SPANS_PER_TRACE = 20_000;
const MAX_SPANS_PER_ANSWER = 50_000;
const MAX_ANSWER_SIZE = 24 * 1024 * 1024;
/** Spans that one search may look at, and those whose content it may parse (about 20 µs each). */
const MAX_VISITED = 2_000_000;
const MAX_PARSED = 50_000;

export interface SpanReader {
  services(): string[];
  operations(service: string, kind: number | undefined): OperationName[];
  search(query: TraceQuery): RawTrace[];
  trace(traceId: string): RawTrace | undefined;
  recent(limit: number): TraceSummary[];
  counts(): { spans: number; traces: number };
}

/** What an answer may still hold. */
interface Room {
  spans: number;
  size: number;
}
const newRoom = (): Room => ({ spans: MAX_SPANS_PER_ANSWER, size: MAX_ANSWER_SIZE });

interface Match {
  readonly trace: number;
  /** Of the latest span that matched, microseconds. */
  readonly start: number;
}

const numberOf = (value: unknown) => Number(value);

function tooWide(what: string): UserError {
  return new UserError('trace-search-too-wide', `search stopped after ${what}`, {
    remedy: 'narrow the time range, or name the service and operation',
  });
}

/** The conditions that SQL decides, with their parameters. */
function conditions(query: TraceQuery, service: number): { where: string; parameters: (string | number)[] } {
  const parts: [sql: string, value: string | number | undefined][] = [
    ['service = ?', service],
    ['start_us >= ?', query.startMicros],
    ['start_us <= ?', query.endMicros],
    ['operation = ?', query.operation],
    ['duration_ns >= ?', query.minDurationMicros === undefined ? undefined : query.minDurationMicros * 1000],
    // Microseconds are what callers see: a span of 1000.9 µs is one of 1000.
    [
      'duration_ns < ?',
      query.maxDurationMicros === undefined ? undefined : query.maxDurationMicros * 1000 + 1000,
    ],
  ];
  const given = parts.filter((part): part is [string, string | number] => part[1] !== undefined);
  return { where: given.map(([sql]) => sql).join(' AND '), parameters: given.map(([, value]) => value) };
}

export function createSpanReader(database: DatabaseSync): SpanReader {
  const selectServices = database.prepare(
    'SELECT name FROM services WHERE id IN (SELECT service FROM operations) ORDER BY name',
  );
  const selectServiceIds = database.prepare('SELECT id FROM services');
  const selectService = database.prepare('SELECT id FROM services WHERE name = ?');
  const selectOperations = database.prepare(
    'SELECT o.name, kind FROM operations o JOIN services s ON s.id = service WHERE s.name = ? ORDER BY o.name, kind',
  );
  const selectContext = database.prepare('SELECT content FROM contexts WHERE id = ?');
  const selectTrace = database.prepare('SELECT id, span_count FROM traces WHERE trace_id = ?');
  const selectTraceById = database.prepare(
    'SELECT hex(trace_id) AS hex, span_count FROM traces WHERE id = ?',
  );
  const selectSpans = database.prepare(
    'SELECT context, content FROM spans WHERE trace = ? ORDER BY start_us, span_id LIMIT ?',
  );
  const selectRecent = database.prepare(
    'SELECT id, hex(trace_id) AS hex FROM traces ORDER BY seen_ms DESC, id DESC LIMIT ?',
  );
  const selectSummary = database.prepare(
    `SELECT hex(span_id) AS span, hex(parent_id) AS parent, s.name AS service, operation, start_us, duration_ns, error
     FROM spans JOIN services s ON s.id = service WHERE trace = ? ORDER BY start_us LIMIT ${MAX_SPANS_PER_TRACE}`,
  );
  const selectCounts = database.prepare('SELECT count(*) AS traces, total(span_count) AS spans FROM traces');

  const contextContent = (id: number) => String(selectContext.get(id)!.content);

  function readTrace(id: number, traceId: string, spanCount: number, room: Room): RawTrace {
    const groups = new Map<number, string[]>();
    for (const row of selectSpans.iterate(id, Math.min(room.spans, MAX_SPANS_PER_TRACE))) {
      const context = numberOf(row.context);
      const content = String(row.content);
      room.spans--;
      room.size -= content.length;
      if (room.size < 0) break;
      const spans = groups.get(context);
      if (spans) spans.push(content);
      else groups.set(context, [content]);
    }
    return {
      traceId,
      spanCount,
      groups: [...groups].map(([context, spans]) => [contextContent(context), spans]),
    };
  }

  /** A statement per shape of query; there are few shapes. */
  const searches = new Map<string, StatementSync>();
  function searchStatement(where: string, withContent: boolean): StatementSync {
    const sql = `SELECT trace, start_us, context${withContent ? ', content' : ''} FROM spans
      WHERE ${where} ORDER BY start_us DESC, trace DESC`;
    let statement = searches.get(sql);
    if (!statement) {
      statement = database.prepare(sql);
      searches.set(sql, statement);
    }
    return statement;
  }

  /** Decides on tags, parsing as little as possible. */
  function tagMatcher(tags: Readonly<Record<string, string>>) {
    const sieve = createTagSieve(tags);
    const contexts = new Map<number, StoredContext & { mayMatch: (spanJson: string) => boolean }>();
    let parsed = 0;
    return (contextId: number, content: string): boolean => {
      let context = contexts.get(contextId);
      if (!context) {
        const json = contextContent(contextId);
        context = { ...parseContext(json), mayMatch: sieve(json) };
        contexts.set(contextId, context);
      }
      if (!context.mayMatch(content)) return false;
      if (++parsed > MAX_PARSED) throw tooWide(`comparing the tags of ${MAX_PARSED} spans`);
      return matchesTags(tags, parseSpan(content), context.scope, context.resource);
    };
  }

  /** The latest matching traces of one service. */
  function matchesOf(service: number, query: TraceQuery, tagsMatch?: ReturnType<typeof tagMatcher>): Match[] {
    const { where, parameters } = conditions(query, service);
    const found = new Map<number, Match>();
    let visited = 0;
    for (const row of searchStatement(where, tagsMatch !== undefined).iterate(...parameters)) {
      if (++visited > MAX_VISITED) throw tooWide(`${MAX_VISITED} spans`);
      const trace = numberOf(row.trace);
      if (found.has(trace)) continue;
      if (tagsMatch && !tagsMatch(numberOf(row.context), String(row.content))) continue;
      found.set(trace, { trace, start: numberOf(row.start_us) });
      if (found.size >= query.limit) break;
    }
    return [...found.values()];
  }

  function serviceIds(name: string | undefined): number[] {
    const rows = name === undefined ? selectServiceIds.all() : selectService.all(name);
    return rows.map(row => numberOf(row.id));
  }

  return {
    services: () => selectServices.all().map(row => String(row.name)),
    operations(service, kind) {
      const all = selectOperations
        .all(service)
        .map(row => ({ name: String(row.name), kind: numberOf(row.kind) }));
      return kind === undefined ? all : all.filter(operation => operation.kind === kind);
    },
    search(query) {
      const hasTags = query.tags !== undefined && Object.keys(query.tags).length > 0;
      const tagsMatch = hasTags ? tagMatcher(query.tags!) : undefined;
      const latest = new Map<number, Match>();
      for (const match of serviceIds(query.service).flatMap(id => matchesOf(id, query, tagsMatch))) {
        const other = latest.get(match.trace);
        if (!other || other.start < match.start) latest.set(match.trace, match);
      }
      const chosen = [...latest.values()].sort((a, b) => b.start - a.start || b.trace - a.trace);
      const room = newRoom();
      return chosen.slice(0, query.limit).map(({ trace }) => {
        const row = selectTraceById.get(trace)!;
        const spanCount = numberOf(row.span_count);
        return readTrace(trace, String(row.hex).toLowerCase(), spanCount, room);
      });
    },
    trace(traceId) {
      const row = selectTrace.get(Buffer.from(traceId, 'hex'));
      return row && readTrace(numberOf(row.id), traceId, numberOf(row.span_count), newRoom());
    },
    recent(limit) {
      return selectRecent
        .all(limit)
        .map(row => {
          const spans = selectSummary.all(numberOf(row.id)) as unknown as SummarySpan[];
          return summarize(String(row.hex).toLowerCase(), spans);
        })
        .sort((a, b) => b.start - a.start);
    },
    counts() {
      const { traces, spans } = selectCounts.get()!;
      return { traces: numberOf(traces), spans: numberOf(spans) };
    },
  };
}
