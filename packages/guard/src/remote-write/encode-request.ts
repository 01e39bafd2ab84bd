/**
 * A sender's half of remote write: encoders of both versions' messages
 * (Prometheus: prompb/types.proto, prompb/io/prometheus/write/v2/types.proto) and the headers that go with them.
 */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** Labels are sent in the order given; a list of pairs can be unsorted or hold a name twice. */
export type WrittenLabels = Readonly<Record<string, string>> | ReadonlyArray<readonly [string, string]>;

export interface WrittenSample {
  /** Unix milliseconds. */
  readonly timestamp: number;
  readonly value: number;
  /** The value's bits, where they matter (staleness, NaNs); `value` is then not looked at. */
  readonly bits?: bigint;
  /** Version 2 only. */
  readonly startTimestamp?: number;
}

export interface WrittenExemplar {
  readonly labels: WrittenLabels;
  readonly timestamp: number;
  readonly value: number;
}

/** A native histogram, as far as a receiver that refuses them looks. */
export interface WrittenHistogram {
  readonly timestamp: number;
  readonly count: number;
  readonly sum: number;
}

/** Types by the number that both versions give them. */
export const WRITTEN_TYPES = [
  'unknown',
  'counter',
  'gauge',
  'histogram',
  'gaugehistogram',
  'summary',
  'info',
  'stateset',
] as const;

export interface WrittenMetadata {
  readonly type?: (typeof WRITTEN_TYPES)[number];
  readonly help?: string;
  readonly unit?: string;
}

export interface WrittenSeries {
  readonly labels: WrittenLabels;
  readonly samples?: readonly WrittenSample[];
  readonly exemplars?: readonly WrittenExemplar[];
  readonly histograms?: readonly WrittenHistogram[];
  /** Version 2 only. */
  readonly metadata?: WrittenMetadata;
}

export interface WrittenRequest {
  readonly series?: readonly WrittenSeries[];
  /** Version 1 only, by metric name. */
  readonly metadata?: Readonly<Record<string, WrittenMetadata>>;
}

/** The bits of a staleness marker (Prometheus: model/value.StaleNaN). */
export const STALE_BITS = 0x7ff0000000000002n;

/** What a sender sends besides the body. */
export const WRITE_HEADERS = {
  1: {
    'content-type': 'application/x-protobuf',
    'content-encoding': 'snappy',
    'x-prometheus-remote-write-version': '0.1.0',
  },
  2: {
    'content-type': 'application/x-protobuf;proto=io.prometheus.write.v2.Request',
    'content-encoding': 'snappy',
    'x-prometheus-remote-write-version': '2.0.0',
  },
} as const;

const pairsOf = (labels: WrittenLabels): ReadonlyArray<readonly [string, string]> =>
  Array.isArray(labels) ? labels : Object.entries(labels);

function message(writer: BinaryWriter, field: number, write: () => void): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  write();
  writer.join();
}

function text(writer: BinaryWriter, field: number, value: string | undefined): void {
  if (value !== undefined && value !== '') writer.tag(field, WireType.LengthDelimited).string(value);
}

function integer(writer: BinaryWriter, field: number, value: number | undefined): void {
  if (value !== undefined && value !== 0) writer.tag(field, WireType.Varint).int64(value);
}

function double(writer: BinaryWriter, field: number, value: number, bits?: bigint): void {
  if (bits !== undefined) writer.tag(field, WireType.Bit64).fixed64(bits);
  else if (!Object.is(value, 0)) writer.tag(field, WireType.Bit64).double(value);
}

function sample(writer: BinaryWriter, { timestamp, value, bits, startTimestamp }: WrittenSample): void {
  double(writer, 1, value, bits);
  integer(writer, 2, timestamp);
  integer(writer, 3, startTimestamp);
}

function histogram(writer: BinaryWriter, { timestamp, count, sum }: WrittenHistogram): void {
  writer.tag(1, WireType.Varint).uint64(count);
  double(writer, 3, sum);
  integer(writer, 15, timestamp);
}

function labelPairs(writer: BinaryWriter, labels: WrittenLabels): void {
  for (const [name, value] of pairsOf(labels))
    message(writer, 1, () => {
      text(writer, 1, name);
      text(writer, 2, value);
    });
}

const typeNumber = ({ type }: WrittenMetadata) => (type === undefined ? 0 : WRITTEN_TYPES.indexOf(type));

/** `prometheus.WriteRequest` of remote write 1.0, not yet compressed. */
export function encodeWriteRequest({ series = [], metadata = {} }: WrittenRequest): Uint8Array {
  const writer = new BinaryWriter();
  for (const { labels, samples = [], exemplars = [], histograms = [] } of series)
    message(writer, 1, () => {
      labelPairs(writer, labels);
      for (const one of samples) message(writer, 2, () => sample(writer, one));
      for (const one of exemplars)
        message(writer, 3, () => {
          labelPairs(writer, one.labels);
          double(writer, 2, one.value);
          integer(writer, 3, one.timestamp);
        });
      for (const one of histograms) message(writer, 4, () => histogram(writer, one));
    });
  for (const [name, one] of Object.entries(metadata))
    message(writer, 3, () => {
      integer(writer, 1, typeNumber(one));
      text(writer, 2, name);
      text(writer, 4, one.help);
      text(writer, 5, one.unit);
    });
  return writer.finish();
}

/** Strings by reference; the first is always empty. */
function createSymbols() {
  const references = new Map([['', 0]]);
  return {
    list: () => [...references.keys()],
    reference(symbol: string): number {
      const known = references.get(symbol) ?? references.size;
      references.set(symbol, known);
      return known;
    },
  };
}

/** `io.prometheus.write.v2.Request` of remote write 2.0, not yet compressed. */
export function encodeWriteRequestV2({ series = [] }: WrittenRequest): Uint8Array {
  const symbols = createSymbols();
  const body = new BinaryWriter();
  const references = (labels: WrittenLabels) =>
    message(body, 1, () => {
      for (const part of pairsOf(labels).flat()) body.uint32(symbols.reference(part));
    });
  for (const { labels, samples = [], exemplars = [], histograms = [], metadata } of series)
    message(body, 5, () => {
      references(labels);
      for (const one of samples) message(body, 2, () => sample(body, one));
      for (const one of histograms) message(body, 3, () => histogram(body, one));
      for (const one of exemplars)
        message(body, 4, () => {
          references(one.labels);
          double(body, 2, one.value);
          integer(body, 3, one.timestamp);
        });
      if (metadata)
        message(body, 5, () => {
          integer(body, 1, typeNumber(metadata));
          integer(body, 3, symbols.reference(metadata.help ?? ''));
          integer(body, 4, symbols.reference(metadata.unit ?? ''));
        });
    });
  const head = new BinaryWriter();
  for (const symbol of symbols.list()) head.tag(4, WireType.LengthDelimited).string(symbol);
  return Buffer.concat([head.finish(), body.finish()]);
}
