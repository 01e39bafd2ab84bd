import { parseJsonBody, readAttribute, resourceField, scopeField } from './json-attributes.ts';
import {
  asObject,
  boolField,
  doubleField,
  idField,
  int32Field,
  isUnset,
  type JsonObject,
  listField,
  optionalDoubleField,
  readAs,
  refusingBadFields,
  scalarListField,
  scalars,
  stringField,
  uint32Field,
  uint64Field,
} from './json-fields.ts';
import {
  type Budget,
  createBudget,
  DEFAULT_OTLP_LIMITS,
  type OtlpLimits,
  takeBucket,
  takeItem,
  takePoint,
} from './limits.ts';
import type {
  ExponentialPoint,
  HistogramPoint,
  Metric,
  MetricData,
  NumberPoint,
  OtlpExemplar,
  OtlpNumber,
  ResourceMetrics,
  ScopeMetrics,
  SummaryPoint,
} from './metrics-model.ts';

function readNumber({ asInt, asDouble }: JsonObject): OtlpNumber {
  if (!isUnset(asInt)) return readAs('asInt', () => scalars.int(asInt));
  if (!isUnset(asDouble)) return readAs('asDouble', () => scalars.double(asDouble));
  return undefined;
}

function readExemplar(object: JsonObject, budget: Budget): OtlpExemplar {
  takeItem(budget);
  return {
    filteredAttributes: listField(object, 'filteredAttributes', item => readAttribute(item, budget, 0)),
    timeUnixNano: uint64Field(object, 'timeUnixNano'),
    value: readNumber(object),
    spanId: idField(object, 'spanId', 16),
    traceId: idField(object, 'traceId', 32),
  };
}

const readExemplars = (object: JsonObject, budget: Budget) =>
  listField(object, 'exemplars', item => readExemplar(item, budget));

const readPoint = (object: JsonObject, budget: Budget) => ({
  attributes: listField(object, 'attributes', item => readAttribute(item, budget, 0)),
  startTimeUnixNano: uint64Field(object, 'startTimeUnixNano'),
  timeUnixNano: uint64Field(object, 'timeUnixNano'),
  flags: uint32Field(object, 'flags'),
});

const readNumberPoint = (object: JsonObject, budget: Budget): NumberPoint => ({
  ...readPoint(object, budget),
  value: readNumber(object),
  exemplars: readExemplars(object, budget),
});

/** A list of numbers, each of which counts as a bucket. */
const bucketsField = <T>(object: JsonObject, name: string, budget: Budget, read: (item: unknown) => T) =>
  scalarListField(object, name, item => {
    takeBucket(budget);
    return read(item);
  });

const readHistogramPoint = (object: JsonObject, budget: Budget): HistogramPoint => ({
  ...readPoint(object, budget),
  count: uint64Field(object, 'count'),
  sum: optionalDoubleField(object, 'sum'),
  bucketCounts: bucketsField(object, 'bucketCounts', budget, scalars.uint),
  explicitBounds: bucketsField(object, 'explicitBounds', budget, scalars.double),
  exemplars: readExemplars(object, budget),
});

const readExponentialPoint = (object: JsonObject): ExponentialPoint => ({
  timeUnixNano: uint64Field(object, 'timeUnixNano'),
});

const readSummaryPoint = (object: JsonObject, budget: Budget): SummaryPoint => ({
  ...readPoint(object, budget),
  count: uint64Field(object, 'count'),
  sum: doubleField(object, 'sum'),
  quantileValues: listField(object, 'quantileValues', item => {
    takeBucket(budget);
    return { quantile: doubleField(item, 'quantile'), value: doubleField(item, 'value') };
  }),
});

const pointsOf = <P>(
  data: JsonObject,
  budget: Budget,
  read: (object: JsonObject, budget: Budget) => P,
): readonly P[] =>
  listField(data, 'dataPoints', item => {
    takePoint(budget);
    return read(item, budget);
  });

const temporalityOf = (data: JsonObject) => int32Field(data, 'aggregationTemporality');

/** By the field that holds a metric's data: how it is read. */
const DATA: ReadonlyArray<readonly [string, (data: JsonObject, budget: Budget) => MetricData]> = [
  ['gauge', (data, budget) => ({ type: 'gauge', points: pointsOf(data, budget, readNumberPoint) })],
  [
    'sum',
    (data, budget) => ({
      type: 'sum',
      points: pointsOf(data, budget, readNumberPoint),
      temporality: temporalityOf(data),
      isMonotonic: boolField(data, 'isMonotonic'),
    }),
  ],
  [
    'histogram',
    (data, budget) => ({
      type: 'histogram',
      points: pointsOf(data, budget, readHistogramPoint),
      temporality: temporalityOf(data),
    }),
  ],
  [
    'exponentialHistogram',
    (data, budget) => ({
      type: 'exponential-histogram',
      points: pointsOf(data, budget, readExponentialPoint),
      temporality: temporalityOf(data),
    }),
  ],
  ['summary', (data, budget) => ({ type: 'summary', points: pointsOf(data, budget, readSummaryPoint) })],
];

function readData(object: JsonObject, budget: Budget): MetricData {
  for (const [name, read] of DATA) {
    const data = object[name];
    if (!isUnset(data)) return readAs(name, () => read(asObject(data), budget));
  }
  return { type: 'none', points: [] };
}

function readMetric(object: JsonObject, budget: Budget): Metric {
  takeItem(budget);
  return {
    name: stringField(object, 'name'),
    description: stringField(object, 'description'),
    unit: stringField(object, 'unit'),
    data: readData(object, budget),
  };
}

function readScopeMetrics(object: JsonObject, budget: Budget): ScopeMetrics {
  takeItem(budget);
  return {
    scope: scopeField(object, budget),
    schemaUrl: stringField(object, 'schemaUrl'),
    metrics: listField(object, 'metrics', item => readMetric(item, budget)),
  };
}

function readResourceMetrics(object: JsonObject, budget: Budget): ResourceMetrics {
  takeItem(budget);
  return {
    resource: resourceField(object, budget),
    schemaUrl: stringField(object, 'schemaUrl'),
    scopeMetrics: listField(object, 'scopeMetrics', item => readScopeMetrics(item, budget)),
  };
}

/**
 * Decodes an `ExportMetricsServiceRequest` in OTLP's JSON: ids in hexadecimal, enumerations as integers, names in
 * lowerCamelCase, unknown fields ignored. Throws a UserError with code `otlp-malformed` or `otlp-too-large`.
 */
export function decodeMetricsJson(
  body: Uint8Array,
  limits: OtlpLimits = DEFAULT_OTLP_LIMITS,
): readonly ResourceMetrics[] {
  const value = parseJsonBody(body, limits);
  const budget = createBudget(limits);
  return refusingBadFields(() =>
    listField(asObject(value), 'resourceMetrics', item => readResourceMetrics(item, budget)),
  );
}
