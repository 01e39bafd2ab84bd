/** OTLP metrics in protobuf, from the objects of OTLP's JSON: for tests and load, independent of the decoder. */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

type Scalar = 'string' | 'bool' | 'int64' | 'uint32' | 'fixed64' | 'sfixed64' | 'double' | 'hex' | 'base64';
/** A field: its number and its type, a message by its own fields; a list is told by the value being one. */
interface Message {
  readonly [name: string]: readonly [number: number, type: Scalar | Message];
}

const VALUE: Record<string, readonly [number, Scalar | Message]> = {
  stringValue: [1, 'string'],
  boolValue: [2, 'bool'],
  intValue: [3, 'int64'],
  doubleValue: [4, 'double'],
  bytesValue: [7, 'base64'],
};
const KEY_VALUE: Message = { key: [1, 'string'], value: [2, VALUE] };
VALUE.arrayValue = [5, { values: [1, VALUE] }];
VALUE.kvlistValue = [6, { values: [1, KEY_VALUE] }];

const EXEMPLAR: Message = {
  timeUnixNano: [2, 'fixed64'],
  asDouble: [3, 'double'],
  spanId: [4, 'hex'],
  traceId: [5, 'hex'],
  asInt: [6, 'sfixed64'],
  filteredAttributes: [7, KEY_VALUE],
};
const NUMBER_POINT: Message = {
  startTimeUnixNano: [2, 'fixed64'],
  timeUnixNano: [3, 'fixed64'],
  asDouble: [4, 'double'],
  exemplars: [5, EXEMPLAR],
  asInt: [6, 'sfixed64'],
  attributes: [7, KEY_VALUE],
  flags: [8, 'uint32'],
};
const HISTOGRAM_POINT: Message = {
  startTimeUnixNano: [2, 'fixed64'],
  timeUnixNano: [3, 'fixed64'],
  count: [4, 'fixed64'],
  sum: [5, 'double'],
  bucketCounts: [6, 'fixed64'],
  explicitBounds: [7, 'double'],
  exemplars: [8, EXEMPLAR],
  attributes: [9, KEY_VALUE],
  flags: [10, 'uint32'],
};
const EXPONENTIAL_POINT: Message = {
  attributes: [1, KEY_VALUE],
  timeUnixNano: [3, 'fixed64'],
  count: [4, 'fixed64'],
  sum: [5, 'double'],
};
const SUMMARY_POINT: Message = {
  startTimeUnixNano: [2, 'fixed64'],
  timeUnixNano: [3, 'fixed64'],
  count: [4, 'fixed64'],
  sum: [5, 'double'],
  quantileValues: [6, { quantile: [1, 'double'], value: [2, 'double'] }],
  attributes: [7, KEY_VALUE],
  flags: [8, 'uint32'],
};
const dataOf = (point: Message): Message => ({
  dataPoints: [1, point],
  aggregationTemporality: [2, 'int64'],
  isMonotonic: [3, 'bool'],
});
const METRIC: Message = {
  name: [1, 'string'],
  description: [2, 'string'],
  unit: [3, 'string'],
  gauge: [5, dataOf(NUMBER_POINT)],
  sum: [7, dataOf(NUMBER_POINT)],
  histogram: [9, dataOf(HISTOGRAM_POINT)],
  exponentialHistogram: [10, dataOf(EXPONENTIAL_POINT)],
  summary: [11, dataOf(SUMMARY_POINT)],
};
const SCOPE: Message = { name: [1, 'string'], version: [2, 'string'], attributes: [3, KEY_VALUE] };
const SCOPE_METRICS: Message = { scope: [1, SCOPE], metrics: [2, METRIC], schemaUrl: [3, 'string'] };
const RESOURCE_METRICS: Message = {
  resource: [1, { attributes: [1, KEY_VALUE] }],
  scopeMetrics: [2, SCOPE_METRICS],
  schemaUrl: [3, 'string'],
};
const REQUEST: Message = { resourceMetrics: [1, RESOURCE_METRICS] };

const WIRE_TYPES: Readonly<Record<Scalar, WireType>> = {
  string: WireType.LengthDelimited,
  bool: WireType.Varint,
  int64: WireType.Varint,
  uint32: WireType.Varint,
  fixed64: WireType.Bit64,
  sfixed64: WireType.Bit64,
  double: WireType.Bit64,
  hex: WireType.LengthDelimited,
  base64: WireType.LengthDelimited,
};

const WRITERS: Readonly<Record<Scalar, (writer: BinaryWriter, value: never) => BinaryWriter>> = {
  string: (writer, value) => writer.string(value),
  bool: (writer, value) => writer.bool(value),
  int64: (writer, value) => writer.int64(value),
  uint32: (writer, value) => writer.uint32(value),
  fixed64: (writer, value) => writer.fixed64(value),
  sfixed64: (writer, value) => writer.sfixed64(value),
  double: (writer, value) => writer.double(Number(value)),
  hex: (writer, value) => writer.bytes(Buffer.from(value, 'hex')),
  base64: (writer, value) => writer.bytes(Buffer.from(value, 'base64')),
};

function writeMessage(writer: BinaryWriter, message: Message, object: object): void {
  for (const [name, value] of Object.entries(object)) {
    const field = message[name];
    if (!field) continue;
    for (const one of Array.isArray(value) ? value : [value]) writeField(writer, field, one);
  }
}

function writeField(
  writer: BinaryWriter,
  [number, type]: readonly [number, Scalar | Message],
  value: unknown,
): void {
  if (typeof type === 'string') {
    WRITERS[type](writer.tag(number, WIRE_TYPES[type]), value as never);
    return;
  }
  writer.tag(number, WireType.LengthDelimited).fork();
  writeMessage(writer, type, value as object);
  writer.join();
}

/** `ExportMetricsServiceRequest`; fields that are not known are left out, lists are not packed. */
export function encodeMetrics(request: object): Buffer {
  const writer = new BinaryWriter();
  writeMessage(writer, REQUEST, request);
  return Buffer.from(writer.finish());
}
