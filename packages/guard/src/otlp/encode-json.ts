import type {
  AnyValue,
  Attribute,
  Resource,
  ResourceSpans,
  Scope,
  ScopeSpans,
  Span,
  SpanEvent,
  SpanLink,
} from './model.ts';

type Json = Record<string, unknown>;

/** A double as protobuf's JSON writes it: what JSON lacks is a string. */
const doubleToJson = (value: number) => (Number.isFinite(value) ? value : String(value));

const VALUE_WRITERS: { [T in AnyValue['type']]: (value: Extract<AnyValue, { type: T }>) => Json } = {
  string: ({ value }) => ({ stringValue: value }),
  bool: ({ value }) => ({ boolValue: value }),
  int: ({ value }) => ({ intValue: value.toString() }),
  double: ({ value }) => ({ doubleValue: doubleToJson(value) }),
  bytes: ({ value }) => ({ bytesValue: Buffer.from(value).toString('base64') }),
  array: ({ value }) => ({ arrayValue: { values: value.map(valueToJson) } }),
  map: ({ value }) => ({ kvlistValue: { values: value.map(attributeToJson) } }),
  empty: () => ({}),
};

/** A value in OTLP's JSON. */
export const valueToJson = (value: AnyValue): Json =>
  (VALUE_WRITERS[value.type] as (value: AnyValue) => Json)(value);

const attributeToJson = ({ key, value }: Attribute): Json => ({ key, value: valueToJson(value) });

/** Leaves out what has its default, as protobuf's JSON does. */
function withDefaultsLeftOut(json: Json): Json {
  for (const name in json) {
    const value = json[name];
    if (value === '' || value === 0 || value === '0' || (Array.isArray(value) && value.length === 0))
      delete json[name];
  }
  return json;
}

const eventToJson = (event: SpanEvent): Json =>
  withDefaultsLeftOut({
    timeUnixNano: event.timeUnixNano.toString(),
    name: event.name,
    attributes: event.attributes.map(attributeToJson),
    droppedAttributesCount: event.droppedAttributesCount,
  });

const linkToJson = (link: SpanLink): Json =>
  withDefaultsLeftOut({ ...link, attributes: link.attributes.map(attributeToJson) });

/** A span in OTLP's JSON. */
export const spanToJson = (span: Span): Json =>
  withDefaultsLeftOut({
    traceId: span.traceId,
    spanId: span.spanId,
    traceState: span.traceState,
    parentSpanId: span.parentSpanId,
    flags: span.flags,
    name: span.name,
    kind: span.kind,
    startTimeUnixNano: span.startTimeUnixNano.toString(),
    endTimeUnixNano: span.endTimeUnixNano.toString(),
    attributes: span.attributes.map(attributeToJson),
    droppedAttributesCount: span.droppedAttributesCount,
    events: span.events.map(eventToJson),
    droppedEventsCount: span.droppedEventsCount,
    links: span.links.map(linkToJson),
    droppedLinksCount: span.droppedLinksCount,
    status: withDefaultsLeftOut({ ...span.status }),
  });

/** A resource in OTLP's JSON. */
export const resourceToJson = (resource: Resource): Json =>
  withDefaultsLeftOut({ ...resource, attributes: resource.attributes.map(attributeToJson) });

/** A scope in OTLP's JSON. */
export const scopeToJson = (scope: Scope): Json =>
  withDefaultsLeftOut({ ...scope, attributes: scope.attributes.map(attributeToJson) });

const scopeSpansToJson = ({ scope, schemaUrl, spans }: ScopeSpans): Json =>
  withDefaultsLeftOut({ scope: scopeToJson(scope), schemaUrl, spans: spans.map(spanToJson) });

/** `TracesData` in OTLP's JSON: what a request carries, and what Jaeger's v3 API answers in `result`. */
export const tracesToJson = (resourceSpans: readonly ResourceSpans[]): Json => ({
  resourceSpans: resourceSpans.map(({ resource, schemaUrl, scopeSpans }) =>
    withDefaultsLeftOut({
      resource: resourceToJson(resource),
      schemaUrl,
      scopeSpans: scopeSpans.map(scopeSpansToJson),
    }),
  ),
});
