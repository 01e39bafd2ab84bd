import { WireType } from '@bufbuild/protobuf/wire';
import { DEFAULT_OTLP_LIMITS, type OtlpLimits, takeItem, takeSpan } from './limits.ts';
import {
  EMPTY_RESOURCE,
  EMPTY_SCOPE,
  EMPTY_STATUS,
  type ResourceSpans,
  type ScopeSpans,
  type Span,
  type SpanEvent,
  type SpanLink,
  type SpanStatus,
} from './model.ts';
import { pushAttribute, readDropped, readResource, readScope } from './protobuf-attributes.ts';
import {
  type Draft,
  type Fields,
  fixed32,
  fixed64,
  type Input,
  int32,
  openInput,
  put,
  readFields,
  readMessage,
  readSpanId,
  readTraceId,
  refusingBadBytes,
  text,
  uint32,
} from './protobuf-reader.ts';

const { Varint, Bit32, Bit64, LengthDelimited } = WireType;

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
      to.scope = readScope(input);
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
      to.resource = readResource(input);
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

/**
 * Decodes an `ExportTraceServiceRequest` in protobuf's binary form. The body is not kept. Throws a UserError with
 * code `otlp-malformed` or `otlp-too-large`.
 */
export function decodeTracesProtobuf(
  body: Uint8Array,
  limits: OtlpLimits = DEFAULT_OTLP_LIMITS,
): readonly ResourceSpans[] {
  const input = openInput(body, limits);
  return refusingBadBytes('ExportTraceServiceRequest', input, () =>
    readFields<ResourceSpans[]>(input, input.reader.len, REQUEST, []),
  );
}
