import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { messageOf, unreachable } from '../core/index.ts';
import { encodeExportResponse, type OtlpEncoding } from '../otlp/index.ts';
import type { MetricsReceiver, WholeOutcome } from '../otlp-metrics/index.ts';
import { answerText, PlainRefusal, registerWriteRoute } from './write-route.ts';

const DISABLED = 'otlp write receiver needs to be enabled with --web.enable-otlp-receiver';
/** Before and after decompression (storage/remote/codec.go `decodeReadLimit`). */
const MAX_BYTES = 32 * 1024 * 1024;
const ENCODINGS: Readonly<Record<string, OtlpEncoding>> = {
  'application/x-protobuf': 'protobuf',
  'application/json': 'json',
};
const decompress = promisify(gunzip);

/**
 * `POST /api/v1/otlp/v1/metrics`: OTLP metrics, stored whole or not at all and answered as by Prometheus; `receiver`
 * is undefined where it is not enabled.
 */
export function registerOtlpWrite(app: FastifyInstance, receiver: MetricsReceiver | undefined): void {
  registerWriteRoute(app, {
    path: '/api/v1/otlp/v1/metrics',
    disabled: receiver ? undefined : DISABLED,
    maxBytes: MAX_BYTES,
    // Prometheus cuts a body that is too large, and then cannot decode it.
    tooLargeStatus: 400,
    async handle(request, reply, body) {
      const encoding = encodingOf(request);
      const bytes = await decompressed(request, body);
      return answer(reply, encoding, await receiver!.receiveWhole(bytes, encoding));
    },
  });
}

function encodingOf({ headers }: FastifyRequest): OtlpEncoding {
  const contentType = headers['content-type'] ?? '';
  const encoding = Object.hasOwn(ENCODINGS, contentType) ? ENCODINGS[contentType] : undefined;
  if (encoding === undefined)
    throw new PlainRefusal(
      400,
      `unsupported content type: ${contentType}, supported: [application/json, application/x-protobuf]`,
    );
  return encoding;
}

async function decompressed({ headers }: FastifyRequest, bytes: Buffer): Promise<Buffer> {
  const coding = headers['content-encoding'] ?? '';
  if (coding === '') return bytes;
  if (coding !== 'gzip')
    throw new PlainRefusal(
      400,
      `unsupported compression: ${coding}. Only "gzip" or no compression supported`,
    );
  try {
    return await decompress(bytes, { maxOutputLength: MAX_BYTES });
  } catch (error) {
    throw new PlainRefusal(400, `body is not valid gzip of at most ${MAX_BYTES} bytes: ${messageOf(error)}`);
  }
}

function answer(reply: FastifyReply, encoding: OtlpEncoding, outcome: WholeOutcome): FastifyReply {
  switch (outcome.type) {
    case 'stored':
      if (!outcome.partial) return reply.code(200).send();
      return reply
        .type(encoding === 'json' ? 'application/json' : 'application/x-protobuf')
        .send(encodeExportResponse(encoding, 'metrics', outcome.partial));
    case 'malformed':
    case 'samples-refused':
      return answerText(reply, 400, outcome.message);
    case 'failed':
      return answerText(reply, 500, outcome.message);
    default:
      return unreachable(outcome);
  }
}
