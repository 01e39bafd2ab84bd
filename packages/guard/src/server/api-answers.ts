import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createDeflate, createGzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from './api-error.ts';
import type { BodyParts, QueryAnswer } from './query-thread.ts';

export const JSON_TYPE = 'application/json';

/** Shorter bodies are sent as they are: compressing them takes longer than sending them. */
const COMPRESSED_FROM_BYTES = 16 * 1024;

/**
 * A client that takes nothing of a long answer is cut off after this long, or twice as long: Node's first look at a
 * socket with unsent bytes only notes them. The worker can then let the answer go.
 */
const STALL_MS = 60_000;

/** Sends what a worker answered. @throws ApiError */
export function sendAnswer(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: QueryAnswer,
  type: string,
): FastifyReply {
  if (!answer.ok) throw new ApiError(answer.type, answer.message);
  const { body, rest } = answer;
  reply.type(type);
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const compressor =
    rest || bytes.length >= COMPRESSED_FROM_BYTES ? createCompressor(request, reply) : undefined;
  if (!rest && !compressor) return reply.send(bytes);
  reply.raw.setTimeout(STALL_MS, () => reply.raw.destroy());
  reply.raw.once('close', () => reply.raw.setTimeout(0));
  const parts = Readable.from(allParts(bytes, rest), { objectMode: false });
  if (!compressor) return reply.send(parts);
  // What goes wrong on the way closes the connection: the status has been sent.
  pipeline(parts, compressor).catch(() => reply.raw.destroy());
  return reply.send(compressor);
}

/** Leaving early, as streams do when the client goes, lets the worker forget the rest. */
async function* allParts(first: Uint8Array, rest: BodyParts | undefined): AsyncGenerator<Uint8Array> {
  try {
    yield first;
    for (let part = await rest?.next(); part; part = await rest?.next()) yield part;
  } finally {
    rest?.drop();
  }
}

/** The first encoding in the client's list that Prometheus knows (util/httputil); undefined for none. */
function createCompressor({ headers }: FastifyRequest, reply: FastifyReply): Transform | undefined {
  reply.header('vary', 'Accept-Encoding');
  for (const item of String(headers['accept-encoding'] ?? '').split(',')) {
    const encoding = item.trim();
    if (encoding !== 'gzip' && encoding !== 'deflate') continue;
    reply.header('content-encoding', encoding);
    // Compressing further costs more time than it saves on a network of our day.
    const options = { level: constants.Z_BEST_SPEED };
    return encoding === 'gzip' ? createGzip(options) : createDeflate(options);
  }
  return undefined;
}

/** Aborted when the client hangs up before its answer is sent. */
export function clientGone({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController();
  raw.once('close', () => {
    if (!raw.writableFinished) controller.abort();
  });
  return controller.signal;
}
