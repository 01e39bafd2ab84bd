import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { gunzip, inflate, zstdDecompress } from 'node:zlib';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type Logger, messageOf, unreachable } from '../core/index.ts';
import {
  encodeExportResponse,
  encodeStatus,
  type OtlpEncoding,
  type OtlpReceiver,
  type OtlpSignal,
  type ReceiveOutcome,
  type TraceReceiver,
} from '../otlp/index.ts';
import { limitBytesInFlight } from './bytes-in-flight.ts';
import { tellWhyRefused } from './refused-bodies.ts';

export interface OtlpHttpOptions {
  readonly receiver: TraceReceiver;
  readonly metrics: OtlpReceiver;
  readonly logger: Logger;
  /** Bytes of bodies that may be read at the same time; further requests are asked to come back. */
  readonly maxBytesInFlight?: number;
}

/** Room for two of the largest requests. */
const DEFAULT_MAX_BYTES_IN_FLIGHT = 128 * 1024 * 1024;
const RETRY_SECONDS_WHEN_FULL = 1;

const CONTENT_TYPES: Readonly<Record<OtlpEncoding, string>> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
};

const DECOMPRESSORS = {
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
  zstd: promisify(zstdDecompress),
} as const;

/** gRPC status codes, as the body of an error carries them (google.rpc.Code). */
const RPC_CODES: Readonly<Record<number, number>> = {
  400: 3,
  404: 5,
  405: 12,
  413: 8,
  415: 3,
  429: 8,
  501: 12,
  503: 14,
};
const RPC_INTERNAL = 13;

/** An answer other than success. */
class HttpRefusal extends Error {
  readonly statusCode: number;
  readonly retryAfterSeconds: number | undefined;

  constructor(statusCode: number, message: string, retryAfterSeconds?: number) {
    super(message);
    this.statusCode = statusCode;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Errors are answered in the request's encoding; in JSON where that is not known. */
const encodingOf = (request: FastifyRequest): OtlpEncoding =>
  request.headers['content-type']?.startsWith(CONTENT_TYPES.protobuf) ? 'protobuf' : 'json';

async function decompressed(request: FastifyRequest, maxBytes: number): Promise<Buffer> {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const coding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (coding === 'identity' || coding === '') return body;
  if (!Object.hasOwn(DECOMPRESSORS, coding))
    throw new HttpRefusal(
      415,
      `content encoding ${JSON.stringify(coding.slice(0, 40))} is not supported; send gzip, deflate, zstd or none`,
    );
  try {
    return await DECOMPRESSORS[coding as keyof typeof DECOMPRESSORS](body, { maxOutputLength: maxBytes });
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE')
      throw new HttpRefusal(
        413,
        `request decompresses to more than ${maxBytes} bytes (limit maxRequestBytes)`,
      );
    throw new HttpRefusal(400, `body is not valid ${coding}: ${messageOf(error)}`);
  }
}

const toSeconds = (milliseconds: number) => Math.max(1, Math.ceil(milliseconds / 1000));

function refusalOf(outcome: Exclude<ReceiveOutcome, { type: 'accepted' }>): HttpRefusal {
  switch (outcome.type) {
    case 'malformed':
      return new HttpRefusal(400, outcome.message);
    case 'too-large':
      return new HttpRefusal(413, outcome.message);
    case 'overloaded':
      return new HttpRefusal(429, outcome.message, toSeconds(outcome.retryAfter));
    case 'unavailable':
      return new HttpRefusal(503, outcome.message, toSeconds(outcome.retryAfter));
    default:
      return unreachable(outcome);
  }
}

function explain(statusCode: number, error: Error, maxBytes: number): string {
  if (statusCode === 413 && !(error instanceof HttpRefusal))
    return `request has more than ${maxBytes} bytes (limit maxRequestBytes)`;
  if (statusCode === 415 && !(error instanceof HttpRefusal))
    return 'content type must be application/x-protobuf or application/json';
  return error.message;
}

/** OTLP over HTTP: `POST /v1/traces` and `/v1/metrics` in protobuf or JSON. Logs are refused with 501 and a reason. */
export function createOtlpHttpServer(options: OtlpHttpOptions): FastifyInstance {
  const { receiver, logger } = options;
  const maxBytes = receiver.limits.maxRequestBytes;
  const app = Fastify({ bodyLimit: maxBytes });
  tellWhyRefused(app);
  limitBytesInFlight(
    app,
    options.maxBytesInFlight ?? DEFAULT_MAX_BYTES_IN_FLIGHT,
    () => new HttpRefusal(503, 'too many large requests at once', RETRY_SECONDS_WHEN_FULL),
  );
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(Object.values(CONTENT_TYPES), { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );

  app.setErrorHandler<Error & { statusCode?: number }>((error, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500 && !(error instanceof HttpRefusal))
      logger.error({ path: request.url, reason: error.message }, 'OTLP request failed');
    const message = explain(status, error, maxBytes);
    if (!isCounted(error)) receiver.refuse('http', message);
    if (error instanceof HttpRefusal && error.retryAfterSeconds !== undefined)
      reply.header('retry-after', error.retryAfterSeconds);
    const encoding = encodingOf(request);
    return send(reply.code(status), encoding, encodeStatus(encoding, { code: rpcCode(status), message }));
  });
  app.setNotFoundHandler(request => {
    throw new HttpRefusal(404, `${request.method} ${request.url.slice(0, 200)} is not an OTLP path`);
  });

  const signals: ReadonlyArray<readonly [OtlpSignal, OtlpReceiver]> = [
    ['traces', receiver],
    ['metrics', options.metrics],
  ];
  for (const [signal, taking] of signals) {
    app.post(`/v1/${signal}`, async (request, reply) => {
      if (request.headers['content-type'] === undefined)
        throw new HttpRefusal(415, 'content type must be application/x-protobuf or application/json');
      const encoding = encodingOf(request);
      const outcome = await taking.receive(await decompressed(request, maxBytes), encoding, 'http');
      if (outcome.type !== 'accepted') throw counted(refusalOf(outcome));
      return send(reply, encoding, encodeExportResponse(encoding, signal, outcome.partial));
    });
    app.get(`/v1/${signal}`, () => {
      throw new HttpRefusal(405, `${signal} are sent with POST`);
    });
  }
  app.post('/v1/logs', () => {
    throw new HttpRefusal(501, 'logs are not taken here');
  });
  return app;
}

/** Refusals that the receiver has counted and logged itself. */
const alreadyCounted = new WeakSet<Error>();
function counted(refusal: HttpRefusal): HttpRefusal {
  alreadyCounted.add(refusal);
  return refusal;
}
const isCounted = (error: Error) => alreadyCounted.has(error);

const rpcCode = (status: number) => RPC_CODES[status] ?? RPC_INTERNAL;

const send = (reply: FastifyReply, encoding: OtlpEncoding, body: Buffer) =>
  reply.header('content-type', CONTENT_TYPES[encoding]).send(body);

/** Listens; port 0 takes any free one. Gives the port in use. */
export async function listenOtlpHttp(app: FastifyInstance, host: string, port: number): Promise<number> {
  await app.listen({ host, port });
  return (app.server.address() as AddressInfo).port;
}
