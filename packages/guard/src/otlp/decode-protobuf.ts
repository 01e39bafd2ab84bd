import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { messageOf, UserError } from '../core/index.ts';
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
  type SpanStatus,
} from './model.ts';

type Draft<T> = {
  -readonly [K in keyof T]: T[K] extends readonly (infer U)[] ? U[] : T[K];
};
interface Input {
  readonly reader: BinaryReader;
  readonly budget: Budget;
  depth: number;
}
type ReadField<T> = (input: Input, target: T) => void;
/** How to read a message: by field number, the wire type that it must have and where its value goes. */
type Fields<T> = Readonly<Record<number, readonly [WireType, ReadField<T>]>>;

const { Varint, Bit32, Bit64, LengthDelimited } = WireType;

/** Reads fields until `end` into the target. Unknown fields are skipped, as protobuf asks. */
function readFields<T>(input: Input, end: number, fields: Fields<T>, target: T): T {
  const { reader } = input;
  while (reader.pos < end) {
    const [number, wireType] = reader.tag();
    const field = fields[number];
    if (!field) {
      reader.skip(wireType, number);
      continue;
    }
    if (field[0] !== wireType)
      throw malformed(`field ${number} has wire type ${wireType} instead of ${field[0]}`);
    field[1](input, target);
  }
  if (reader.pos !== end) throw malformed(`a field goes ${reader.pos - end} bytes beyond its message`);
  return target;
}

function readMessage<T>(input: Input, fields: Fields<T>, target: T): T {
  const { reader } = input;
  const length = reader.uint32();
  const end = reader.pos + length;
  if (end > reader.len) throw malformed(`a message of ${length} bytes goes beyond the request`);
  return readFields(input, end, fields, target);
}

type ReadValue<V> = (input: Input) => V;
const text: ReadValue<string> = ({ reader }) => reader.string();
const uint32: ReadValue<number> = ({ reader }) => reader.uint32();
const int32: ReadValue<number> = ({ reader }) => reader.int32();
const fixed32: ReadValue<number> = ({ reader }) => reader.fixed32();
const fixed64: ReadValue<bigint> = ({ reader }) => BigInt(reader.fixed64());

/** Puts what is read under a name; the last one wins, as protobuf asks. */
function put<T, K extends keyof T>(key: K, read: ReadValue<T[K]>): ReadField<T> {
  return (input, target) => {
    target[key] = read(input);
  };
}

/** The request is a Buffer, whose slices are Buffers. */
function readHex(input: Input, length: number, name: string): string {
  const bytes = input.reader.bytes() as Buffer;
  if (bytes.length !== length && bytes.length !== 0)
    throw malformed(`${name} has ${bytes.length} bytes instead of ${length}`);
  return bytes.toString('hex');
}
const readTraceId = (input: Input) => readHex(input, 16, 'trace_id');
const readSpanId = (input: Input) => readHex(input, 8, 'span_id');

const ARRAY: Fields<AnyValue[]> = {
  1: [
    LengthDelimited,
    (input, values) => {
      takeItem(input.budget);
      values.push(readValue(input));
    },
  ],
};
const MAP: Fields<Attribute[]> = {
  1: [
    LengthDelimited,
    (input, attributes) => {
      attributes.push(readAttribute(input));
    },
  ],
};

type ValueHolder = { value: AnyValue };
const VALUE: Fields<ValueHolder> = {
  1: [
    LengthDelimited,
    ({ reader }, to) => {
      to.value = { type: 'string', value: reader.string() };
    },
  ],
  2: [
    Varint,
    ({ reader }, to) => {
      to.value = { type: 'bool', value: reader.bool() };
    },
  ],
  3: [
    Varint,
    ({ reader }, to) => {
      to.value = { type: 'int', value: BigInt(reader.int64()) };
    },
  ],
  4: [
    Bit64,
    ({ reader }, to) => {
      to.value = { type: 'double', value: reader.double() };
    },
  ],
  5: [
    LengthDelimited,
    (input, to) => {
      to.value = { type: 'array', value: nested(input, ARRAY) };
    },
  ],
  6: [
    LengthDelimited,
    (input, to) => {
      to.value = { type: 'map', value: nested(input, MAP) };
    },
  ],
  // Copied: a slice would keep the whole request alive.
  7: [
    LengthDelimited,
    ({ reader }, to) => {
      to.value = { type: 'bytes', value: Uint8Array.from(reader.bytes()) };
    },
  ],
};
const EMPTY_VALUE: AnyValue = { type: 'empty' };

function nested<T>(input: Input, fields: Fields<T[]>): T[] {
  const { maxDepth } = input.budget.limits;
  if (++input.depth > maxDepth)
    throw tooLarge('maxDepth', maxDepth, 'an attribute value is nested too deeply');
  const values = readMessage<T[]>(input, fields, []);
  input.depth--;
  return values;
}

const readValue = (input: Input): AnyValue => readMessage(input, VALUE, { value: EMPTY_VALUE }).value;

const ATTRIBUTE: Fields<Draft<Attribute>> = {
  1: [LengthDelimited, put('key', text)],
  2: [
    LengthDelimited,
    (input, to) => {
      to.value = readValue(input);
    },
  ],
};

function readAttribute(input: Input): Attribute {
  takeItem(input.budget);
  return readMessage(input, ATTRIBUTE, { key: '', value: EMPTY_VALUE });
}

const pushAttribute: ReadField<{ attributes: Attribute[] }> = (input, to) => {
  to.attributes.push(readAttribute(input));
};
const readDropped = put<{ droppedAttributesCount: number }, 'droppedAttributesCount'>(
  'droppedAttributesCount',
  uint32,
);

const RESOURCE: Fields<Draft<Resource>> = {
  1: [LengthDelimited, pushAttribute],
  2: [Varint, readDropped],
};
const SCOPE: Fields<Draft<Scope>> = {
  1: [LengthDelimited, put('name', text)],
  2: [LengthDelimited, put('version', text)],
  3: [LengthDelimited, pushAttribute],
  4: [Varint, readDropped],
};
const EVENT: Fields<Draft<SpanEvent>> = {
  1: [Bit64, put('timeUnixNano', fixed64)],
  2: [LengthDelimited, put('name', text)],
  3: [LengthDelimited, pushAttribute],
  4: [Varint, readDropped],
};
const LINK: Fields<Draft<SpanLink>> = {
  1: [LengthDelimited, put('traceId', readTraceId)],
  2: [LengthDelimited, put('spanId', readSpanId)],
  3: [LengthDelimited, put('traceState', text)],
  4: [LengthDelimited, pushAttribute],
  5: [Varint, readDropped],
  6: [Bit32, put('flags', fixed32)],
};
const STATUS: Fields<Draft<SpanStatus>> = {
  2: [LengthDelimited, put('message', text)],
  3: [Varint, put('code', int32)],
};

function readEvent(input: Input): SpanEvent {
  takeItem(input.budget);
  return readMessage<Draft<SpanEvent>>(input, EVENT, {
    timeUnixNano: 0n,
    name: '',
    attributes: [],
    droppedAttributesCount: 0,
  });
}

function readLink(input: Input): SpanLink {
  takeItem(input.budget);
  return readMessage<Draft<SpanLink>>(input, LINK, {
    traceId: '',
    spanId: '',
    traceState: '',
    attributes: [],
    droppedAttributesCount: 0,
    flags: 0,
  });
}

const SPAN: Fields<Draft<Span>> = {
  1: [LengthDelimited, put('traceId', readTraceId)],
  2: [LengthDelimited, put('spanId', readSpanId)],
  3: [LengthDelimited, put('traceState', text)],
  4: [LengthDelimited, put('parentSpanId', readSpanId)],
  5: [LengthDelimited, put('name', text)],
  6: [Varint, put('kind', int32)],
  7: [Bit64, put('startTimeUnixNano', fixed64)],
  8: [Bit64, put('endTimeUnixNano', fixed64)],
  9: [LengthDelimited, pushAttribute],
  10: [Varint, readDropped],
  11: [
    LengthDelimited,
    (input, to) => {
      to.events.push(readEvent(input));
    },
  ],
  12: [Varint, put('droppedEventsCount', uint32)],
  13: [
    LengthDelimited,
    (input, to) => {
      to.links.push(readLink(input));
    },
  ],
  14: [Varint, put('droppedLinksCount', uint32)],
  15: [
    LengthDelimited,
    (input, to) => {
      to.status = readMessage(input, STATUS, { ...EMPTY_STATUS });
    },
  ],
  16: [Bit32, put('flags', fixed32)],
};

function readSpan(input: Input): Span {
  takeSpan(input.budget);
  return readMessage<Draft<Span>>(input, SPAN, {
    traceId: '',
    spanId: '',
    parentSpanId: '',
    traceState: '',
    flags: 0,
    name: '',
    kind: 0,
    startTimeUnixNano: 0n,
    endTimeUnixNano: 0n,
    attributes: [],
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: EMPTY_STATUS,
  });
}

const SCOPE_SPANS: Fields<Draft<ScopeSpans>> = {
  1: [
    LengthDelimited,
    (input, to) => {
      to.scope = readMessage<Draft<Scope>>(input, SCOPE, { ...EMPTY_SCOPE, attributes: [] });
    },
  ],
  2: [
    LengthDelimited,
    (input, to) => {
      to.spans.push(readSpan(input));
    },
  ],
  3: [LengthDelimited, put('schemaUrl', text)],
};
const RESOURCE_SPANS: Fields<Draft<ResourceSpans>> = {
  1: [
    LengthDelimited,
    (input, to) => {
      to.resource = readMessage<Draft<Resource>>(input, RESOURCE, {
        ...EMPTY_RESOURCE,
        attributes: [],
      });
    },
  ],
  2: [
    LengthDelimited,
    (input, to) => {
      takeItem(input.budget);
      to.scopeSpans.push(
        readMessage<Draft<ScopeSpans>>(input, SCOPE_SPANS, { scope: EMPTY_SCOPE, schemaUrl: '', spans: [] }),
      );
    },
  ],
  3: [LengthDelimited, put('schemaUrl', text)],
};
const REQUEST: Fields<ResourceSpans[]> = {
  1: [
    LengthDelimited,
    (input, to) => {
      takeItem(input.budget);
      to.push(
        readMessage<Draft<ResourceSpans>>(input, RESOURCE_SPANS, {
          resource: EMPTY_RESOURCE,
          schemaUrl: '',
          scopeSpans: [],
        }),
      );
    },
  ],
};

/** Short strings decode three times faster this way than with a TextDecoder; invalid UTF-8 becomes U+FFFD. */
const decodeUtf8 = (bytes: Uint8Array): string => (bytes as Buffer).toString('utf8');

/**
 * Decodes an `ExportTraceServiceRequest` in protobuf's binary form. The body is not kept. Throws a UserError with
 * code `otlp-malformed` or `otlp-too-large`.
 */
export function decodeTracesProtobuf(
  body: Uint8Array,
  limits: OtlpLimits = DEFAULT_OTLP_LIMITS,
): readonly ResourceSpans[] {
  checkRequestSize(body.byteLength, limits);
  const buffer = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const reader = new BinaryReader(buffer, decodeUtf8);
  try {
    return readFields<ResourceSpans[]>(
      { reader, budget: createBudget(limits), depth: 0 },
      buffer.length,
      REQUEST,
      [],
    );
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw malformed(
      `not an ExportTraceServiceRequest in protobuf, at byte ${reader.pos}: ${messageOf(error)}`,
    );
  }
}
