/** Traces as OTLP 1.x carries them (opentelemetry-proto trace.proto, common.proto), in memory. */

/** A value of an attribute. `int` is a signed 64-bit integer; `empty` is a value that was present but unset. */
export type AnyValue =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'int'; readonly value: bigint }
  | { readonly type: 'double'; readonly value: number }
  | { readonly type: 'bytes'; readonly value: Uint8Array }
  | { readonly type: 'array'; readonly value: readonly AnyValue[] }
  | { readonly type: 'map'; readonly value: readonly Attribute[] }
  | { readonly type: 'empty' };

/** A key and its value. Keys should be unique in a list; where they are not, order is kept and nothing is merged. */
export interface Attribute {
  readonly key: string;
  readonly value: AnyValue;
}

/** What emitted the spans: a service, with `service.name` among its attributes. */
export interface Resource {
  readonly attributes: readonly Attribute[];
  readonly droppedAttributesCount: number;
}

/** The instrumentation that made the spans. */
export interface Scope {
  readonly name: string;
  readonly version: string;
  readonly attributes: readonly Attribute[];
  readonly droppedAttributesCount: number;
}

/** Something that happened during a span. */
export interface SpanEvent {
  readonly timeUnixNano: bigint;
  readonly name: string;
  readonly attributes: readonly Attribute[];
  readonly droppedAttributesCount: number;
}

/** A reference to another span. Ids as in `Span`. */
export interface SpanLink {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceState: string;
  readonly attributes: readonly Attribute[];
  readonly droppedAttributesCount: number;
  readonly flags: number;
}

/** The names of `Span.kind`, by number. */
export const SPAN_KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
export type SpanKindName = (typeof SPAN_KINDS)[number];

/** Values of `SpanStatus.code`. */
export const STATUS_UNSET = 0;
export const STATUS_OK = 1;
export const STATUS_ERROR = 2;

export interface SpanStatus {
  /** 0 unset, 1 ok, 2 error; others are kept as they came. */
  readonly code: number;
  readonly message: string;
}

/** One operation. Instants are nanoseconds since the Unix epoch, 0 where not given. */
export interface Span {
  /** 32 lower-case hexadecimal digits; empty where not given. */
  readonly traceId: string;
  /** 16 lower-case hexadecimal digits; empty where not given. */
  readonly spanId: string;
  /** 16 lower-case hexadecimal digits; empty at a root. */
  readonly parentSpanId: string;
  readonly traceState: string;
  /** W3C trace flags in the low 8 bits. */
  readonly flags: number;
  readonly name: string;
  /** Index into `SPAN_KINDS`; others are kept as they came. */
  readonly kind: number;
  readonly startTimeUnixNano: bigint;
  readonly endTimeUnixNano: bigint;
  readonly attributes: readonly Attribute[];
  readonly droppedAttributesCount: number;
  readonly events: readonly SpanEvent[];
  readonly droppedEventsCount: number;
  readonly links: readonly SpanLink[];
  readonly droppedLinksCount: number;
  readonly status: SpanStatus;
}

export interface ScopeSpans {
  readonly scope: Scope;
  readonly schemaUrl: string;
  readonly spans: readonly Span[];
}

export interface ResourceSpans {
  readonly resource: Resource;
  readonly schemaUrl: string;
  readonly scopeSpans: readonly ScopeSpans[];
}

export const EMPTY_RESOURCE: Resource = { attributes: [], droppedAttributesCount: 0 };
export const EMPTY_SCOPE: Scope = { name: '', version: '', attributes: [], droppedAttributesCount: 0 };
export const EMPTY_STATUS: SpanStatus = { code: STATUS_UNSET, message: '' };

/** The name of a span's kind; `unspecified` for numbers that OTLP does not define. */
export const spanKindName = (kind: number): SpanKindName => SPAN_KINDS[kind] ?? 'unspecified';

/** The value of the first attribute with this key, where it is a string. */
export function stringAttribute(attributes: readonly Attribute[], key: string): string | undefined {
  const value = attributes.find(attribute => attribute.key === key)?.value;
  return value?.type === 'string' ? value.value : undefined;
}

/** What a resource without `service.name` is called (OpenTelemetry resource semantic conventions). */
export const UNKNOWN_SERVICE = 'unknown_service';

/** The service that a resource stands for. */
export const serviceNameOf = (resource: Resource): string =>
  stringAttribute(resource.attributes, 'service.name') || UNKNOWN_SERVICE;

/** Number of spans in all. */
export function countSpans(resourceSpans: readonly ResourceSpans[]): number {
  let count = 0;
  for (const { scopeSpans } of resourceSpans) for (const { spans } of scopeSpans) count += spans.length;
  return count;
}
