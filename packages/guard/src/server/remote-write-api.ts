import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  MAX_BYTES,
  NOTHING_WRITTEN,
  type WriteOutcome,
  type WriteReceiver,
  type Written,
} from '../remote-write/index.ts';
import { limitBytesInFlight } from './bytes-in-flight.ts';
import { refuseOthers } from './method-routes.ts';
import { WRITE_MESSAGES, type WriteMessage, writeMessageOf } from './remote-write-content-type.ts';

export interface RemoteWriteApiOptions {
  /** Undefined when it is not enabled. */
  readonly receiver: WriteReceiver | undefined;
  /** The messages that are taken; others are answered with 415. */
  readonly acceptedMessages: readonly WriteMessage[];
}

const PATH = '/api/v1/write';
const DISABLED = 'remote write receiver needs to be enabled with --web.enable-remote-write-receiver';
/** Compressed bodies that may be read or waiting at the same time: four of the largest. */
const MAX_BYTES_IN_FLIGHT = 4 * MAX_BYTES;

/** Both refusals of a body and failures of the store are told in plain text, as Prometheus does. */
class WriteRefusal extends Error {
  readonly statusCode: number;

  constructor(statusCode: number, message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}

/** `POST /api/v1/write`: remote write 1.0 and 2.0, answered as by Prometheus. */
export function registerRemoteWrite(app: FastifyInstance, options: RemoteWriteApiOptions): void {
  // A scope of its own: bodies of any type as bytes, errors as text.
  app.register(async scope => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.setErrorHandler<Error & { statusCode?: number }>((error, _request, reply) =>
      answerText(reply, error.statusCode ?? 500, textOf(error)),
    );
    refuseOthers(scope, ['POST'], PATH);
    if (!options.receiver) {
      scope.post(PATH, { onRequest: () => Promise.reject(new WriteRefusal(404, DISABLED)) }, () => undefined);
      return;
    }
    limitBytesInFlight(
      scope,
      MAX_BYTES_IN_FLIGHT,
      () => new WriteRefusal(503, 'too many large requests at once'),
    );
    const { receiver } = options;
    scope.post(PATH, { bodyLimit: MAX_BYTES }, async (request, reply) => {
      const message = checkedMessage(request, options.acceptedMessages);
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const version = WRITE_MESSAGES[message];
      const outcome = await receiver.receive(body, version);
      if (version === 2 && outcome.type !== 'corrupt') tellWritten(reply, outcome);
      return answer(reply, outcome);
    });
  });
}

const textOf = (error: Error & { code?: string }) =>
  error.code === 'FST_ERR_CTP_BODY_TOO_LARGE'
    ? `request body exceeds the ${MAX_BYTES} bytes limit`
    : error.message;

function checkedMessage(request: FastifyRequest, accepted: readonly WriteMessage[]): WriteMessage {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== '' && encoding !== 'snappy')
    throw new WriteRefusal(
      415,
      `${encoding} encoding (compression) is not accepted by this server; only snappy is acceptable`,
    );
  const found = writeMessageOf(request.headers['content-type']);
  if ('problem' in found) throw new WriteRefusal(415, found.problem);
  if (!accepted.includes(found.message))
    throw new WriteRefusal(
      415,
      `${found.message} protobuf message is not accepted by this server; only accepts ${accepted.join(', ')}`,
    );
  return found.message;
}

const STATUS: Readonly<Record<WriteOutcome['type'], number>> = {
  written: 204,
  partial: 400,
  refused: 400,
  corrupt: 400,
  failed: 500,
};

function answer(reply: FastifyReply, outcome: WriteOutcome): FastifyReply {
  const status = STATUS[outcome.type];
  return outcome.type === 'written' ? reply.code(status).send() : answerText(reply, status, outcome.message);
}

const answerText = (reply: FastifyReply, status: number, text: string): FastifyReply =>
  reply.code(status).type('text/plain; charset=utf-8').send(`${text}\n`);

/** Remote write 2.0, "Required Written Response Headers". */
function tellWritten(reply: FastifyReply, outcome: WriteOutcome): void {
  const written: Written = 'written' in outcome ? outcome.written : NOTHING_WRITTEN;
  reply.header('x-prometheus-remote-write-samples-written', written.samples);
  reply.header('x-prometheus-remote-write-histograms-written', written.histograms);
  reply.header('x-prometheus-remote-write-exemplars-written', written.exemplars);
}
