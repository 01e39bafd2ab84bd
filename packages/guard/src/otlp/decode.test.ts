import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../core/index.ts';
import {
  DEFAULT_OTLP_LIMITS,
  decodeTracesJson,
  decodeTracesProtobuf,
  encodeExportResponse,
  encodeStatus,
  encodeStatusWithRetry,
  siftSpans,
  tracesFromJson,
  tracesToJson,
} from './index.ts';

const LINKED = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };

/** Two spans of one trace, made and encoded by OpenTelemetry's own SDK. */
function sdkSpans(): ReadableSpan[] {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'checkout', 'process.pid': 4711 }),
    spanProcessors: [new SimpleSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer('shop', '1.2.3');
  const parent = tracer.startSpan('GET /basket', {
    kind: SpanKind.SERVER,
    startTime: [1_700_000_000, 123_456_789],
    attributes: {
      'http.route': '/basket',
      'http.response.status_code': 500,
      ratio: 0.25,
      retried: false,
      tags: ['a', 'b'],
      größe: 'übergroß ✓',
    },
    links: [{ context: { ...LINKED, traceFlags: TraceFlags.SAMPLED }, attributes: { why: 'batch' } }],
  });
  parent.addEvent('exception', { 'exception.message': 'boom' }, [1_700_000_000, 200_000_000]);
  parent.setStatus({ code: SpanStatusCode.ERROR, message: 'boom' });
  parent.end([1_700_000_001, 0]);
  return exporter.getFinishedSpans();
}

function expectTheSdkSpan(decoded: ReturnType<typeof decodeTracesJson>, sent: ReadableSpan) {
  const [group] = decoded;
  expect(group!.resource.attributes).toEqual([
    { key: 'service.name', value: { type: 'string', value: 'checkout' } },
    { key: 'process.pid', value: { type: 'int', value: 4711n } },
  ]);
  const [{ scope, spans }] = group!.scopeSpans as [(typeof decoded)[number]['scopeSpans'][number]];
  expect(scope).toMatchObject({ name: 'shop', version: '1.2.3' });
  expect(spans).toHaveLength(1);
  const span = spans[0]!;
  const { traceId, spanId } = sent.spanContext();
  expect(span).toMatchObject({
    traceId,
    spanId,
    parentSpanId: '',
    name: 'GET /basket',
    kind: 2,
    startTimeUnixNano: 1_700_000_000_123_456_789n,
    endTimeUnixNano: 1_700_000_001_000_000_000n,
    status: { code: 2, message: 'boom' },
  });
  expect(Object.fromEntries(span.attributes.map(({ key, value }) => [key, value]))).toEqual({
    'http.route': { type: 'string', value: '/basket' },
    'http.response.status_code': { type: 'int', value: 500n },
    ratio: { type: 'double', value: 0.25 },
    retried: { type: 'bool', value: false },
    tags: {
      type: 'array',
      value: [
        { type: 'string', value: 'a' },
        { type: 'string', value: 'b' },
      ],
    },
    größe: { type: 'string', value: 'übergroß ✓' },
  });
  expect(span.events).toEqual([
    {
      timeUnixNano: 1_700_000_000_200_000_000n,
      name: 'exception',
      attributes: [{ key: 'exception.message', value: { type: 'string', value: 'boom' } }],
      droppedAttributesCount: 0,
    },
  ]);
  expect(span.links).toEqual([
    expect.objectContaining({
      ...LINKED,
      attributes: [{ key: 'why', value: { type: 'string', value: 'batch' } }],
    }),
  ]);
}

const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const oneSpan = (span: object) => ({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
const IDS = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };

function refusal(run: () => unknown): UserError {
  try {
    run();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

describe('decoding what the OpenTelemetry SDK encodes', () => {
  it('reads its protobuf whole', () => {
    const spans = sdkSpans();
    expectTheSdkSpan(decodeTracesProtobuf(ProtobufTraceSerializer.serializeRequest(spans)!), spans[0]!);
  });

  it('reads its JSON whole', () => {
    const spans = sdkSpans();
    expectTheSdkSpan(decodeTracesJson(JsonTraceSerializer.serializeRequest(spans)!), spans[0]!);
  });

  it('reads the same from both encodings', () => {
    const spans = sdkSpans();
    expect(decodeTracesProtobuf(ProtobufTraceSerializer.serializeRequest(spans)!)).toEqual(
      decodeTracesJson(JsonTraceSerializer.serializeRequest(spans)!),
    );
  });

  it('writes JSON that reads back as the same', () => {
    const decoded = decodeTracesProtobuf(ProtobufTraceSerializer.serializeRequest(sdkSpans())!);
    expect(tracesFromJson(JSON.parse(JSON.stringify(tracesToJson(decoded))))).toEqual(decoded);
  });

  it('takes an empty request for one without spans', () => {
    expect(decodeTracesProtobuf(new Uint8Array())).toEqual([]);
    expect(decodeTracesJson(json({}))).toEqual([]);
  });
});

describe('OTLP JSON', () => {
  const spanOf = (span: object) => tracesFromJson(oneSpan(span))[0]!.scopeSpans[0]!.spans[0]!;

  it('takes 64-bit integers as strings and as numbers, to the last digit', () => {
    const span = spanOf({
      ...IDS,
      startTimeUnixNano: '18446744073709551615',
      endTimeUnixNano: 12,
      attributes: [
        { key: 'least', value: { intValue: '-9223372036854775808' } },
        { key: 'small', value: { intValue: -7 } },
      ],
    });
    expect(span.startTimeUnixNano).toBe(18446744073709551615n);
    expect(span.endTimeUnixNano).toBe(12n);
    expect(span.attributes.map(attribute => attribute.value)).toEqual([
      { type: 'int', value: -9223372036854775808n },
      { type: 'int', value: -7n },
    ]);
  });

  it('takes ids of either case and gives them in lower case', () => {
    expect(spanOf({ ...IDS, traceId: IDS.traceId.toUpperCase() }).traceId).toBe(IDS.traceId);
  });

  it('takes null for absent and ignores unknown fields, wherever they are', () => {
    const span = spanOf({
      ...IDS,
      name: null,
      events: null,
      future: { deep: [1] },
      status: { colour: 'red' },
    });
    expect(span).toMatchObject({ name: '', events: [], status: { code: 0, message: '' } });
    expect(span).not.toHaveProperty('future');
  });

  it('takes every kind of value', () => {
    const values = [
      { doubleValue: 'NaN' },
      { doubleValue: 1.5 },
      { bytesValue: 'AQI=' },
      { kvlistValue: { values: [{ key: 'k', value: { boolValue: true } }] } },
      {},
    ];
    const span = spanOf({ ...IDS, attributes: values.map((value, i) => ({ key: `k${i}`, value })) });
    expect(span.attributes.map(attribute => attribute.value)).toEqual([
      { type: 'double', value: Number.NaN },
      { type: 'double', value: 1.5 },
      { type: 'bytes', value: Uint8Array.of(1, 2) },
      { type: 'map', value: [{ key: 'k', value: { type: 'bool', value: true } }] },
      { type: 'empty' },
    ]);
  });

  it.each([
    [
      'traceId',
      { ...IDS, traceId: 'xyz' },
      'resourceSpans[0].scopeSpans[0].spans[0].traceId: must be 32 hex',
    ],
    [
      'traceId in base64',
      { ...IDS, traceId: 'CvdlGRbNQ92ESOshHIAxnA==' },
      'spans[0].traceId: must be 32 hex',
    ],
    ['kind by name', { ...IDS, kind: 'SPAN_KIND_SERVER' }, 'spans[0].kind: must be an integer'],
    [
      'a time before 1970',
      { ...IDS, startTimeUnixNano: '-1' },
      'spans[0].startTimeUnixNano: must be an integer',
    ],
    ['spans that are no list', { ...IDS, events: {} }, 'spans[0].events: must be an array, is a object'],
    [
      'a value of the wrong type',
      { ...IDS, attributes: [{ key: 'a', value: { intValue: true } }] },
      'spans[0].attributes[0].value.intValue: must be an integer',
    ],
  ])('refuses %s and says where', (_what, span, expected) => {
    const error = refusal(() => decodeTracesJson(json(oneSpan(span))));
    expect(error.code).toBe('otlp-malformed');
    expect(error.message).toContain(expected);
  });

  it('refuses what is not JSON, and JSON that is not an object', () => {
    expect(refusal(() => decodeTracesJson(Buffer.from('{"resource'))).message).toContain('not JSON');
    expect(refusal(() => decodeTracesJson(Buffer.from('[]'))).message).toContain('must be an object');
  });
});

describe('limits', () => {
  const spans = (count: number) => ({
    resourceSpans: [{ scopeSpans: [{ spans: Array.from({ length: count }, () => IDS) }] }],
  });
  const nested = (depth: number): object =>
    depth === 0 ? { stringValue: 'x' } : { arrayValue: { values: [nested(depth - 1)] } };

  it.each([
    ['maxRequestBytes', { maxRequestBytes: 10 }, spans(1)],
    ['maxSpansPerRequest', { maxSpansPerRequest: 2 }, spans(3)],
    ['maxItemsPerRequest', { maxItemsPerRequest: 3 }, oneSpan({ ...IDS, events: [{}, {}, {}] })],
    ['maxDepth', { maxDepth: 4 }, oneSpan({ ...IDS, attributes: [{ key: 'a', value: nested(5) }] })],
  ])('names %s when a request is beyond it', (name, limits, request) => {
    const error = refusal(() => decodeTracesJson(json(request), { ...DEFAULT_OTLP_LIMITS, ...limits }));
    expect(error.code).toBe('otlp-too-large');
    expect(error.message).toContain(name);
  });

  it('stops a protobuf of millions of empty spans before they fill the memory', () => {
    const scopeSpans = new BinaryWriter();
    for (let i = 0; i < 100_000; i++) scopeSpans.raw(Uint8Array.of(0x12, 0));
    const wrap = (field: number, bytes: Uint8Array) =>
      new BinaryWriter().tag(field, WireType.LengthDelimited).bytes(bytes).finish();
    const request = wrap(1, wrap(2, scopeSpans.finish()));
    expect(refusal(() => decodeTracesProtobuf(request)).message).toContain('maxSpansPerRequest is 50000');
  });

  it('names the depth of a protobuf value nested too deeply', () => {
    let value = new BinaryWriter().tag(1, WireType.LengthDelimited).string('x').finish();
    const wrap = (field: number, bytes: Uint8Array) =>
      new BinaryWriter().tag(field, WireType.LengthDelimited).bytes(bytes).finish();
    for (let i = 0; i < 5000; i++) value = wrap(5, wrap(1, value));
    const request = wrap(1, wrap(1, wrap(1, wrap(2, value))));
    expect(refusal(() => decodeTracesProtobuf(request)).message).toContain('maxDepth');
  });

  it('takes out spans that can never be stored and keeps the others', () => {
    const decoded = tracesFromJson({
      resourceSpans: [
        {
          scopeSpans: [
            {
              spans: [
                IDS,
                { ...IDS, traceId: '0'.repeat(32) },
                { ...IDS, spanId: '' },
                { ...IDS, attributes: [{ key: 'long', value: { stringValue: 'x'.repeat(11) } }] },
              ],
            },
          ],
        },
      ],
    });
    const sifted = siftSpans(decoded, { ...DEFAULT_OTLP_LIMITS, maxTextLength: 10 });
    expect(sifted.accepted).toBe(1);
    expect(sifted.resourceSpans[0]!.scopeSpans[0]!.spans).toHaveLength(1);
    expect(sifted.rejected).toEqual({ rejected: 3, errorMessage: 'a span has no trace id' });
  });

  it('names the attribute that is too long', () => {
    const decoded = tracesFromJson(
      oneSpan({ ...IDS, attributes: [{ key: 'long', value: { stringValue: 'x'.repeat(11) } }] }),
    );
    expect(siftSpans(decoded, { ...DEFAULT_OTLP_LIMITS, maxTextLength: 10 }).rejected?.errorMessage).toBe(
      'attribute "long" of span b7ad6b7169203331 has 11 characters (limit maxTextLength is 10)',
    );
  });
});

describe('garbage', () => {
  const decodesOrRefuses = (decode: (bytes: Uint8Array) => unknown) => (bytes: Uint8Array) => {
    try {
      decode(bytes);
    } catch (error) {
      expect(error).toBeInstanceOf(UserError);
      expect((error as UserError).message.length).toBeGreaterThan(20);
    }
  };

  it('is decoded or refused with a reason, as protobuf', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), decodesOrRefuses(decodeTracesProtobuf)), {
      numRuns: 3000,
      seed: 1,
    });
  });

  it('is decoded or refused with a reason when a good protobuf is damaged', () => {
    const good = ProtobufTraceSerializer.serializeRequest(sdkSpans())!;
    const damage = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(damage, fc.nat(good.length), (changes, length) => {
        const bytes = Uint8Array.from(good);
        for (const [at, value] of changes) bytes[at] = value;
        decodesOrRefuses(decodeTracesProtobuf)(bytes.subarray(0, length));
        decodesOrRefuses(decodeTracesProtobuf)(bytes);
      }),
      { numRuns: 3000, seed: 2 },
    );
  });

  it('is decoded or refused with a reason, as JSON of the right names', () => {
    const { value } = fc.letrec(tie => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom(null, true, -1, 1.5, '', 'x', '12', IDS.traceId, '__proto__'),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(
          fc.constantFrom(
            ...['resourceSpans', 'scopeSpans', 'spans', 'resource', 'scope', 'attributes', 'key', 'value'],
            ...['arrayValue', 'kvlistValue', 'values', 'intValue', 'bytesValue', 'traceId', 'kind', 'events'],
            ...['links', 'status', 'name', 'startTimeUnixNano', '__proto__', 'toString'],
          ),
          tie('value'),
          { maxKeys: 4 },
        ),
      ),
    }));
    const listed = fc.oneof(
      value,
      value.map(span => oneSpan(span as object)),
    );
    fc.assert(
      fc.property(listed, request => decodesOrRefuses(decodeTracesJson)(json(request))),
      { numRuns: 3000, seed: 3 },
    );
  });
});

describe('answers', () => {
  it('leave partial_success unset on full success', () => {
    expect(encodeExportResponse('protobuf', 'traces', undefined)).toHaveLength(0);
    expect(encodeExportResponse('json', 'traces', undefined).toString()).toBe('{}');
  });

  it('tell what was rejected, readable by the SDK', () => {
    const partial = { rejected: 3, errorMessage: 'no trace id' };
    for (const [encoding, serializer] of [
      ['protobuf', ProtobufTraceSerializer],
      ['json', JsonTraceSerializer],
    ] as const) {
      const { partialSuccess } = serializer.deserializeResponse(
        encodeExportResponse(encoding, 'traces', partial),
      );
      expect(Number(partialSuccess?.rejectedSpans)).toBe(3);
      expect(partialSuccess?.errorMessage).toBe('no trace id');
    }
  });

  it('carry errors as google.rpc.Status', () => {
    expect(encodeStatus('json', { code: 3, message: 'bad' }).toString()).toBe('{"code":3,"message":"bad"}');
    expect(encodeStatus('protobuf', { code: 3, message: 'bad' }).toString('hex')).toBe('08031203626164');
  });

  it('carry a RetryInfo of seconds and nanoseconds', () => {
    const bytes = encodeStatusWithRetry({ code: 8, message: 'full' }, 1500);
    expect(bytes.toString('latin1')).toContain('type.googleapis.com/google.rpc.RetryInfo');
    // retry_delay { seconds: 1 nanos: 500000000 }
    expect(bytes.toString('hex').endsWith('0a08080110' + '80cab5ee01')).toBe(true);
  });
});
