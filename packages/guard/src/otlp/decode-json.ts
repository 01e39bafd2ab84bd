import { parseJsonBody, readAttributes, readScope, resourceField, scopeField } from './json-attributes.ts';
import {
  asObject,
  idField,
  type JsonObject,
  listField,
  objectField,
  refusingBadFields,
  stringField,
  uint32Field,
  uint64Field,
} from './json-fields.ts';
import {
  type Budget,
  createBudget,
  DEFAULT_OTLP_LIMITS,
  type OtlpLimits,
  takeItem,
  takeSpan,
} from './limits.ts';
import {
  EMPTY_STATUS,
  type Resource,
  type ResourceSpans,
  type Scope,
  type ScopeSpans,
  type Span,
  type SpanEvent,
  type SpanLink,
} from './model.ts';

function readEvent(object: JsonObject, budget: Budget): SpanEvent {
  takeItem(budget);
  return {
    timeUnixNano: uint64Field(object, 'timeUnixNano'),
    name: stringField(object, 'name'),
    ...readAttributes(object, budget),
  };
}

function readLink(object: JsonObject, budget: Budget): SpanLink {
  takeItem(budget);
  return {
    traceId: idField(object, 'traceId', 32),
    spanId: idField(object, 'spanId', 16),
    traceState: stringField(object, 'traceState'),
    ...readAttributes(object, budget),
    flags: uint32Field(object, 'flags'),
  };
}

function readSpan(object: JsonObject, budget: Budget): Span {
  takeSpan(budget);
  return {
    traceId: idField(object, 'traceId', 32),
    spanId: idField(object, 'spanId', 16),
    parentSpanId: idField(object, 'parentSpanId', 16),
    traceState: stringField(object, 'traceState'),
    flags: uint32Field(object, 'flags'),
    name: stringField(object, 'name'),
    kind: uint32Field(object, 'kind'),
    startTimeUnixNano: uint64Field(object, 'startTimeUnixNano'),
    endTimeUnixNano: uint64Field(object, 'endTimeUnixNano'),
    ...readAttributes(object, budget),
    events: listField(object, 'events', item => readEvent(item, budget)),
    droppedEventsCount: uint32Field(object, 'droppedEventsCount'),
    links: listField(object, 'links', item => readLink(item, budget)),
    droppedLinksCount: uint32Field(object, 'droppedLinksCount'),
    status: objectField(object, 'status', EMPTY_STATUS, status => ({
      code: uint32Field(status, 'code'),
      message: stringField(status, 'message'),
    })),
  };
}

function readScopeSpans(object: JsonObject, budget: Budget): ScopeSpans {
  takeItem(budget);
  return {
    scope: scopeField(object, budget),
    schemaUrl: stringField(object, 'schemaUrl'),
    spans: listField(object, 'spans', item => readSpan(item, budget)),
  };
}

function readResourceSpans(object: JsonObject, budget: Budget): ResourceSpans {
  takeItem(budget);
  return {
    resource: resourceField(object, budget),
    schemaUrl: stringField(object, 'schemaUrl'),
    scopeSpans: listField(object, 'scopeSpans', item => readScopeSpans(item, budget)),
  };
}

const limitsOf = (limits: Partial<OtlpLimits>): OtlpLimits => ({ ...DEFAULT_OTLP_LIMITS, ...limits });

/**
 * Reads an `ExportTraceServiceRequest` that was parsed from OTLP's JSON: ids in hexadecimal, enumerations as
 * integers, names in lowerCamelCase, 64-bit integers as strings or numbers (numbers above 2^53 have lost digits
 * already), unknown fields ignored. Throws a UserError with code `otlp-malformed` or `otlp-too-large`.
 */
export function tracesFromJson(value: unknown, limits: Partial<OtlpLimits> = {}): readonly ResourceSpans[] {
  const budget = createBudget(limitsOf(limits));
  return refusingBadFields(() =>
    listField(asObject(value), 'resourceSpans', item => readResourceSpans(item, budget)),
  );
}

/** Decodes an `ExportTraceServiceRequest` in OTLP's JSON; see `tracesFromJson`. */
export function decodeTracesJson(
  body: Uint8Array,
  limits: OtlpLimits = DEFAULT_OTLP_LIMITS,
): readonly ResourceSpans[] {
  return tracesFromJson(parseJsonBody(body, limits), limits);
}

/** What the span store keeps of a span and reads back: trusted, so without limits. */
export const spanFromJson = (value: unknown): Span =>
  refusingBadFields(() => readSpan(asObject(value), createBudget(NO_LIMITS)));
export const resourceFromJson = (value: unknown): Resource =>
  refusingBadFields(() => readAttributes(asObject(value), createBudget(NO_LIMITS)));
export const scopeFromJson = (value: unknown): Scope =>
  refusingBadFields(() => readScope(asObject(value), createBudget(NO_LIMITS)));

const NO_LIMITS: OtlpLimits = {
  ...DEFAULT_OTLP_LIMITS,
  maxSpansPerRequest: Number.POSITIVE_INFINITY,
  maxItemsPerRequest: Number.POSITIVE_INFINITY,
};
