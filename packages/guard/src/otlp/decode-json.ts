import { messageOf } from '../core/index.ts';
import {
  asObject,
  idField,
  isUnset,
  type JsonObject,
  listField,
  objectField,
  readAs,
  refusingBadFields,
  scalars,
  stringField,
  uint32Field,
  uint64Field,
} from './json-fields.ts';
import {
  type Budget,
  checkRequestSize,
  createBudget,
  DEFAULT_OTLP_LIMITS,
  malformed,
  type OtlpLimits,
  takeItem,
  takeSpan,
  tooLarge,
} from './limits.ts';
import {
  type AnyValue,
  type Attribute,
  EMPTY_RESOURCE,
  EMPTY_SCOPE,
  EMPTY_STATUS,
  type Resource,
  type ResourceSpans,
  type Scope,
  type ScopeSpans,
  type Span,
  type SpanEvent,
  type SpanLink,
} from './model.ts';

function readValue(object: JsonObject, budget: Budget, depth: number): AnyValue {
  const { stringValue, boolValue, intValue, doubleValue, bytesValue, arrayValue, kvlistValue } = object;
  if (!isUnset(stringValue))
    return { type: 'string', value: readAs('stringValue', () => scalars.string(stringValue)) };
  if (!isUnset(intValue)) return { type: 'int', value: readAs('intValue', () => scalars.int(intValue)) };
  if (!isUnset(boolValue)) return { type: 'bool', value: readAs('boolValue', () => scalars.bool(boolValue)) };
  if (!isUnset(doubleValue))
    return { type: 'double', value: readAs('doubleValue', () => scalars.double(doubleValue)) };
  if (!isUnset(bytesValue))
    return { type: 'bytes', value: readAs('bytesValue', () => scalars.bytes(bytesValue)) };
  if (isUnset(arrayValue) && isUnset(kvlistValue)) return { type: 'empty' };
  if (depth >= budget.limits.maxDepth)
    throw tooLarge('maxDepth', budget.limits.maxDepth, 'an attribute value is nested too deeply');
  if (!isUnset(kvlistValue))
    return {
      type: 'map',
      value: readAs('kvlistValue', () =>
        listField(asObject(kvlistValue), 'values', item => readAttribute(item, budget, depth + 1)),
      ),
    };
  const readElement = (item: JsonObject) => {
    takeItem(budget);
    return readValue(item, budget, depth + 1);
  };
  return {
    type: 'array',
    value: readAs('arrayValue', () => listField(asObject(arrayValue), 'values', readElement)),
  };
}

const EMPTY_VALUE: AnyValue = { type: 'empty' };

function readAttribute(object: JsonObject, budget: Budget, depth: number): Attribute {
  takeItem(budget);
  return {
    key: stringField(object, 'key'),
    value: objectField(object, 'value', EMPTY_VALUE, value => readValue(value, budget, depth)),
  };
}

const readAttributes = (object: JsonObject, budget: Budget) => ({
  attributes: listField(object, 'attributes', item => readAttribute(item, budget, 0)),
  droppedAttributesCount: uint32Field(object, 'droppedAttributesCount'),
});

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

const readScope = (object: JsonObject, budget: Budget): Scope => ({
  name: stringField(object, 'name'),
  version: stringField(object, 'version'),
  ...readAttributes(object, budget),
});

function readScopeSpans(object: JsonObject, budget: Budget): ScopeSpans {
  takeItem(budget);
  return {
    scope: objectField(object, 'scope', EMPTY_SCOPE, scope => readScope(scope, budget)),
    schemaUrl: stringField(object, 'schemaUrl'),
    spans: listField(object, 'spans', item => readSpan(item, budget)),
  };
}

function readResourceSpans(object: JsonObject, budget: Budget): ResourceSpans {
  takeItem(budget);
  return {
    resource: objectField<Resource>(object, 'resource', EMPTY_RESOURCE, resource =>
      readAttributes(resource, budget),
    ),
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
  checkRequestSize(body.byteLength, limits);
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'));
  } catch (error) {
    throw malformed(`not JSON: ${messageOf(error)}`);
  }
  return tracesFromJson(value, limits);
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
