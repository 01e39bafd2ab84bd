import {
  type ResourceSpans,
  resourceFromJson,
  resourceToJson,
  type ScopeSpans,
  type Span,
  STATUS_ERROR,
  scopeFromJson,
  scopeToJson,
  serviceNameOf,
  spanFromJson,
  spanToJson,
} from '../otlp/index.ts';

/** What many spans share: resource and scope. */
export interface ContextRow {
  readonly service: string;
  /** A resource, its schema, a scope and its schema in OTLP's JSON, as an array of four. */
  readonly content: string;
}

/**
 * Spans on their way to the worker. Cells of all spans stand in one flat array, in the order of `CELLS`: structured
 * cloning of primitives is several times cheaper than of objects.
 */
export interface SpanBatch {
  readonly contexts: readonly ContextRow[];
  readonly cells: readonly (string | number)[];
  readonly spans: number;
  /** Characters of all texts, as a measure of memory. */
  readonly size: number;
}

/** Positions in a span's cells. */
export const CELLS = {
  traceId: 0,
  spanId: 1,
  parentSpanId: 2,
  context: 3,
  operation: 4,
  kind: 5,
  startMicros: 6,
  durationNanos: 7,
  error: 8,
  content: 9,
} as const;
export const CELLS_PER_SPAN = Object.keys(CELLS).length;

/** Whole microseconds, capped at what a number holds exactly (the year 2255). */
const startMicros = (span: Span) => Math.min(Number(span.startTimeUnixNano / 1000n), Number.MAX_SAFE_INTEGER);

/** Nanoseconds, capped at what a number holds exactly (104 days); 0 for a span that ends before it starts. */
function durationNanos(span: Span): number {
  const duration = Number(span.endTimeUnixNano - span.startTimeUnixNano);
  return Math.min(Math.max(0, duration), Number.MAX_SAFE_INTEGER);
}

export function toBatch(resourceSpans: readonly ResourceSpans[]): SpanBatch {
  const contexts: ContextRow[] = [];
  const cells: (string | number)[] = [];
  let size = 0;
  for (const group of resourceSpans) {
    const service = serviceNameOf(group.resource);
    for (const scoped of group.scopeSpans) {
      if (scoped.spans.length === 0) continue;
      contexts.push({ service, content: contextContent(group, scoped) });
      for (const span of scoped.spans) {
        const content = JSON.stringify(spanToJson(span));
        size += content.length;
        cells.push(
          span.traceId,
          span.spanId,
          span.parentSpanId,
          contexts.length - 1,
          span.name,
          span.kind,
          startMicros(span),
          durationNanos(span),
          span.status.code === STATUS_ERROR ? 1 : 0,
          content,
        );
      }
    }
  }
  return { contexts, cells, spans: cells.length / CELLS_PER_SPAN, size };
}

const contextContent = (group: ResourceSpans, scoped: ScopeSpans) =>
  JSON.stringify([
    resourceToJson(group.resource),
    group.schemaUrl,
    scopeToJson(scoped.scope),
    scoped.schemaUrl,
  ]);

/** A context without its spans, as it was stored. */
export type StoredContext = Omit<ResourceSpans, 'scopeSpans'> &
  Pick<ScopeSpans, 'scope'> & { scopeSchemaUrl: string };

export function parseContext(content: string): StoredContext {
  const [resource, schemaUrl, scope, scopeSchemaUrl] = JSON.parse(content);
  return { resource: resourceFromJson(resource), schemaUrl, scope: scopeFromJson(scope), scopeSchemaUrl };
}

export const parseSpan = (content: string): Span => spanFromJson(JSON.parse(content));

/** A trace as the worker sends it. */
export interface RawTrace {
  readonly traceId: string;
  readonly spanCount: number;
  /** Contents of contexts, and of the spans of each. */
  readonly groups: readonly (readonly [context: string, spans: readonly string[]])[];
}

export function fromRawTrace(raw: RawTrace): ResourceSpans[] {
  return raw.groups.map(([content, spans]) => {
    const { resource, schemaUrl, scope, scopeSchemaUrl } = parseContext(content);
    return {
      resource,
      schemaUrl,
      scopeSpans: [{ scope, schemaUrl: scopeSchemaUrl, spans: spans.map(parseSpan) }],
    };
  });
}
