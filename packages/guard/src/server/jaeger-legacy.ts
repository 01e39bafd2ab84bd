import {
  type AnyValue,
  type Attribute,
  type Resource,
  type Span,
  type SpanLink,
  serviceNameOf,
  stringAttribute,
} from '../otlp/index.ts';
import { type StoredTrace, tagsOf, valueText } from '../traces/index.ts';

/** The shapes of Jaeger's legacy HTTP API (jaeger model/json). Times in microseconds. */
export interface JaegerTag {
  readonly key: string;
  readonly type: 'string' | 'bool' | 'int64' | 'float64' | 'binary';
  readonly value: string | number | boolean;
}
export interface JaegerReference {
  readonly refType: 'CHILD_OF' | 'FOLLOWS_FROM';
  readonly traceID: string;
  readonly spanID: string;
}
export interface JaegerSpan {
  readonly traceID: string;
  readonly spanID: string;
  readonly flags?: number;
  readonly operationName: string;
  readonly references: readonly JaegerReference[];
  readonly startTime: number;
  readonly duration: number;
  readonly tags: readonly JaegerTag[];
  readonly logs: ReadonlyArray<{ readonly timestamp: number; readonly fields: readonly JaegerTag[] }>;
  readonly processID: string;
  readonly warnings: readonly string[] | null;
}
export interface JaegerProcess {
  readonly serviceName: string;
  readonly tags: readonly JaegerTag[];
}
export interface JaegerTrace {
  readonly traceID: string;
  readonly spans: readonly JaegerSpan[];
  readonly processes: Readonly<Record<string, JaegerProcess>>;
  readonly warnings: readonly string[] | null;
}

/** JSON's numbers lose digits of large integers; those are given as text, still with the type int64. */
function integerValue(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

function typed(value: AnyValue): Pick<JaegerTag, 'type' | 'value'> {
  switch (value.type) {
    case 'bool':
      return { type: 'bool', value: value.value };
    case 'int':
      return { type: 'int64', value: integerValue(value.value) };
    case 'double':
      return { type: 'float64', value: Number.isFinite(value.value) ? value.value : String(value.value) };
    case 'bytes':
      return { type: 'binary', value: valueText(value) };
    default:
      return { type: 'string', value: valueText(value) };
  }
}

const toTag = ({ key, value }: Attribute): JaegerTag => ({ key, ...typed(value) });

const toMicros = (nanos: bigint) => Number(nanos / 1000n);

function linkReference(link: SpanLink): JaegerReference {
  const isParent = stringAttribute(link.attributes, 'opentracing.ref_type') === 'child_of';
  return {
    refType: isParent ? 'CHILD_OF' : 'FOLLOWS_FROM',
    traceID: link.traceId.padStart(32, '0'),
    spanID: link.spanId.padStart(16, '0'),
  };
}

function references(span: Span): JaegerReference[] {
  const parent: JaegerReference[] =
    span.parentSpanId === ''
      ? []
      : [{ refType: 'CHILD_OF', traceID: span.traceId, spanID: span.parentSpanId }];
  return [...parent, ...span.links.map(linkReference)];
}

function spanWarnings(span: Span): string[] | null {
  const warnings: string[] = [];
  if (span.endTimeUnixNano < span.startTimeUnixNano) warnings.push('the span ends before it starts');
  if (span.droppedAttributesCount > 0)
    warnings.push(`the sender dropped ${span.droppedAttributesCount} attributes`);
  if (span.droppedEventsCount > 0) warnings.push(`the sender dropped ${span.droppedEventsCount} events`);
  if (span.droppedLinksCount > 0) warnings.push(`the sender dropped ${span.droppedLinksCount} links`);
  return warnings.length > 0 ? warnings : null;
}

function toSpan(span: Span, tags: readonly Attribute[], processID: string): JaegerSpan {
  const duration = toMicros(span.endTimeUnixNano - span.startTimeUnixNano);
  return {
    traceID: span.traceId,
    spanID: span.spanId,
    // Only the low eight bits are W3C trace flags.
    ...((span.flags & 0xff) !== 0 && { flags: span.flags & 0xff }),
    operationName: span.name,
    references: references(span),
    startTime: toMicros(span.startTimeUnixNano),
    duration: Math.max(0, duration),
    tags: tags.map(toTag),
    logs: span.events.map(event => ({
      timestamp: toMicros(event.timeUnixNano),
      fields: [
        ...(event.name === '' ? [] : [{ key: 'event', type: 'string' as const, value: event.name }]),
        ...event.attributes.map(toTag),
      ],
    })),
    processID,
    warnings: spanWarnings(span),
  };
}

const toProcess = (resource: Resource): JaegerProcess => ({
  serviceName: serviceNameOf(resource),
  tags: resource.attributes.filter(({ key }) => key !== 'service.name').map(toTag),
});

/** A trace as Jaeger's legacy API shows it. Equal resources become one process. */
export function toJaegerTrace({ traceId, resourceSpans, spanCount }: StoredTrace): JaegerTrace {
  const spans: JaegerSpan[] = [];
  const processes: Record<string, JaegerProcess> = {};
  const ids = new Map<string, string>();
  for (const { resource, scopeSpans } of resourceSpans) {
    const process = toProcess(resource);
    const content = JSON.stringify(process);
    const id = ids.get(content) ?? `p${ids.size + 1}`;
    ids.set(content, id);
    processes[id] = process;
    for (const { scope, spans: scoped } of scopeSpans)
      for (const span of scoped) spans.push(toSpan(span, tagsOf(span, scope), id));
  }
  const warnings =
    spans.length < spanCount
      ? [`the trace has ${spanCount} spans, of which ${spans.length} are shown`]
      : null;
  return { traceID: traceId, spans, processes, warnings };
}
