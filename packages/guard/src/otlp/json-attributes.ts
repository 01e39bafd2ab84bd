import { messageOf } from '../core/index.ts';
import {
  asObject,
  isUnset,
  type JsonObject,
  listField,
  objectField,
  readAs,
  scalars,
  stringField,
  uint32Field,
} from './json-fields.ts';
import { type Budget, checkRequestSize, malformed, type OtlpLimits, takeItem, tooLarge } from './limits.ts';
import {
  type AnyValue,
  type Attribute,
  EMPTY_RESOURCE,
  EMPTY_SCOPE,
  type Resource,
  type Scope,
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

export function readAttribute(object: JsonObject, budget: Budget, depth: number): Attribute {
  takeItem(budget);
  return {
    key: stringField(object, 'key'),
    value: objectField(object, 'value', EMPTY_VALUE, value => readValue(value, budget, depth)),
  };
}

/** The fields that whatever has attributes has. */
export const readAttributes = (object: JsonObject, budget: Budget) => ({
  attributes: listField(object, 'attributes', item => readAttribute(item, budget, 0)),
  droppedAttributesCount: uint32Field(object, 'droppedAttributesCount'),
});

export const readScope = (object: JsonObject, budget: Budget): Scope => ({
  name: stringField(object, 'name'),
  version: stringField(object, 'version'),
  ...readAttributes(object, budget),
});

/** The field `scope` of what a scope sent. */
export const scopeField = (object: JsonObject, budget: Budget): Scope =>
  objectField(object, 'scope', EMPTY_SCOPE, scope => readScope(scope, budget));

/** The field `resource` of what a resource sent. */
export const resourceField = (object: JsonObject, budget: Budget): Resource =>
  objectField<Resource>(object, 'resource', EMPTY_RESOURCE, resource => readAttributes(resource, budget));

/** Parses a body. @throws UserError `otlp-malformed`, `otlp-too-large` */
export function parseJsonBody(body: Uint8Array, limits: OtlpLimits): unknown {
  checkRequestSize(body.byteLength, limits);
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'));
  } catch (error) {
    throw malformed(`not JSON: ${messageOf(error)}`);
  }
}
