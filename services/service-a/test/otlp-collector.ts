import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as the collector got it; ids in hex, kind as OTLP numbers it (2 server, 3 client). */
export interface ReceivedSpan {
  readonly service: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: Readonly<Record<string, string>>;
  readonly events: readonly string[];
}

/** Length-delimited fields and varints of one protobuf message, by field number. */
function readFields(bytes: Buffer): Map<number, (Buffer | number)[]> {
  const fields = new Map<number, (Buffer | number)[]>();
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const field = Math.floor(tag / 8);
    const values = fields.get(field) ?? [];
    fields.set(field, values);
    if (tag % 8 === 0) values.push(varint());
    else if (tag % 8 === 2) {
      const length = varint();
      values.push(bytes.subarray(at, at + length));
      at += length;
    } else at += tag % 8 === 1 ? 8 : 4;
  }
  return fields;
}

const messages = (bytes: Buffer, field: number) => (readFields(bytes).get(field) ?? []) as Buffer[];
const text = (bytes: Buffer, field: number) => messages(bytes, field)[0]?.toString('utf8') ?? '';
const hex = (bytes: Buffer, field: number) => messages(bytes, field)[0]?.toString('hex') ?? '';

function attributes(bytes: Buffer, field: number): Record<string, string> {
  const pairs = messages(bytes, field).map(pair => [text(pair, 1), text(messages(pair, 2)[0] ?? pair, 1)]);
  return Object.fromEntries(pairs);
}

/** Field numbers of opentelemetry/proto/trace/v1/trace.proto. */
function readSpans(request: Buffer): ReceivedSpan[] {
  return messages(request, 1).flatMap(resourceSpans => {
    const resource = messages(resourceSpans, 1)[0] ?? Buffer.alloc(0);
    const service = attributes(resource, 1)['service.name'] ?? '';
    return messages(resourceSpans, 2)
      .flatMap(scopeSpans => messages(scopeSpans, 2))
      .map(span => ({
        service,
        traceId: hex(span, 1),
        spanId: hex(span, 2),
        parentSpanId: hex(span, 4),
        name: text(span, 5),
        kind: Number(readFields(span).get(6)?.[0] ?? 0),
        attributes: attributes(span, 9),
        events: messages(span, 11).map(event => text(event, 2)),
      }));
  });
}

/** Takes OTLP over HTTP on a free port of loopback and keeps the spans. */
export async function startCollector() {
  const spans: ReceivedSpan[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', chunk => chunks.push(chunk));
    request.on('end', () => {
      if (request.url === '/v1/traces') spans.push(...readSpans(Buffer.concat(chunks)));
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, spans, close };
}
