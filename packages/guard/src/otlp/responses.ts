import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { Milliseconds } from '../core/index.ts';

/** The encodings of OTLP over HTTP. */
export type OtlpEncoding = 'protobuf' | 'json';

/** What a request carries. */
export type OtlpSignal = 'traces' | 'metrics';

/** Spans or data points that were refused for good while the rest of their request was taken. */
export interface PartialSuccess {
  readonly rejected: number;
  /** For people: why. */
  readonly errorMessage: string;
}

/** `google.rpc.Status` without details. */
export interface RpcStatus {
  /** A gRPC status code. */
  readonly code: number;
  readonly message: string;
}

function message(fieldNumber: number, write: (writer: BinaryWriter) => void, to = new BinaryWriter()) {
  to.tag(fieldNumber, WireType.LengthDelimited).fork();
  write(to);
  return to.join();
}

/** How JSON calls the number of what was refused. */
const REJECTED: Readonly<Record<OtlpSignal, string>> = {
  traces: 'rejectedSpans',
  metrics: 'rejectedDataPoints',
};

function partialSuccessProtobuf({ rejected, errorMessage }: PartialSuccess): Uint8Array {
  return message(1, writer => {
    writer.tag(1, WireType.Varint).int64(rejected);
    writer.tag(2, WireType.LengthDelimited).string(errorMessage);
  }).finish();
}

/** `ExportTraceServiceResponse` and its like; on full success `partial_success` must be unset. */
export function encodeExportResponse(
  encoding: OtlpEncoding,
  signal: OtlpSignal,
  partial: PartialSuccess | undefined,
): Buffer {
  if (encoding === 'protobuf') return Buffer.from(partial ? partialSuccessProtobuf(partial) : []);
  const json = partial && {
    partialSuccess: { [REJECTED[signal]]: String(partial.rejected), errorMessage: partial.errorMessage },
  };
  return Buffer.from(JSON.stringify(json ?? {}));
}

function statusProtobuf({ code, message: text }: RpcStatus): BinaryWriter {
  const writer = new BinaryWriter().tag(1, WireType.Varint).int32(code);
  return writer.tag(2, WireType.LengthDelimited).string(text);
}

/** `google.rpc.Status`, the body of every OTLP/HTTP error. */
export function encodeStatus(encoding: OtlpEncoding, status: RpcStatus): Buffer {
  return encoding === 'protobuf'
    ? Buffer.from(statusProtobuf(status).finish())
    : Buffer.from(JSON.stringify({ code: status.code, message: status.message }));
}

/**
 * `google.rpc.Status` with a `google.rpc.RetryInfo` detail, for the trailer `grpc-status-details-bin`: it makes
 * RESOURCE_EXHAUSTED retryable.
 */
export function encodeStatusWithRetry(status: RpcStatus, retryAfter: Milliseconds): Buffer {
  const writer = statusProtobuf(status);
  const seconds = Math.floor(retryAfter / 1000);
  const nanoseconds = Math.round((retryAfter - seconds * 1000) * 1e6);
  const retryInfo = message(1, delay => {
    delay.tag(1, WireType.Varint).int64(seconds);
    delay.tag(2, WireType.Varint).int32(nanoseconds);
  }).finish();
  const any = (detail: BinaryWriter) => {
    detail.tag(1, WireType.LengthDelimited).string('type.googleapis.com/google.rpc.RetryInfo');
    detail.tag(2, WireType.LengthDelimited).bytes(retryInfo);
  };
  return Buffer.from(message(3, any, writer).finish());
}
