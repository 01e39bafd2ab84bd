import { compress } from 'snappy';

/** One series of a remote-write request: samples in order of time. */
export interface SentSeries {
  /** Names and values in turn, sorted by name. */
  readonly labels: readonly string[];
  /** Unix milliseconds. */
  readonly timestamps: ArrayLike<number>;
  readonly values: Float64Array;
}

const text = new TextEncoder();

/** Field 1 or 2, length-delimited; field 1, 64 bits; field 2, varint. */
const TAG = { first: 0x0a, second: 0x12, value: 0x09, timestamp: 0x10 } as const;

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(rest);
  return bytes;
}

const field = (tag: number, body: Uint8Array): Uint8Array[] => [
  Uint8Array.from([tag, ...varint(body.length)]),
  body,
];

function encodeLabel(name: string, value: string): Uint8Array[] {
  const body = Buffer.concat([
    ...field(TAG.first, text.encode(name)),
    ...field(TAG.second, text.encode(value)),
  ]);
  return field(TAG.first, body);
}

/** A value's bits are copied, never read as a number: a staleness marker's would not survive that. */
function encodeSample(bits: Uint8Array, index: number, timestamp: number): Uint8Array {
  const time = varint(timestamp);
  const body = Buffer.alloc(2 + 9 + 1 + time.length);
  body[0] = TAG.second;
  body[1] = body.length - 2;
  body[2] = TAG.value;
  body.set(bits.subarray(index * 8, index * 8 + 8), 3);
  body[11] = TAG.timestamp;
  body.set(time, 12);
  return body;
}

function encodeSeries({ labels, timestamps, values }: SentSeries): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let i = 0; i < labels.length; i += 2) parts.push(...encodeLabel(labels[i]!, labels[i + 1]!));
  const bits = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  for (let i = 0; i < timestamps.length; i++) parts.push(encodeSample(bits, i, timestamps[i]!));
  return Buffer.concat(parts);
}

/** The body of a remote-write 1.0 request (prompb.WriteRequest, snappy's block format). Timestamps at or after 1970. */
export function encodeWriteRequest(series: readonly SentSeries[]): Promise<Buffer> {
  return compress(Buffer.concat(series.flatMap(one => field(TAG.first, encodeSeries(one)))));
}

/** The headers that go with it. */
export const WRITE_HEADERS = {
  'content-type': 'application/x-protobuf',
  'content-encoding': 'snappy',
  'x-prometheus-remote-write-version': '0.1.0',
} as const;
