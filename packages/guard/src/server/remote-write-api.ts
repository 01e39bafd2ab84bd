import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  MAX_BYTES,
  NOTHING_WRITTEN,
  type WriteOutcome,
  type WriteReceiver,
  type Written,
} from '../remote-write/index.ts';
import { WRITE_MESSAGES, type WriteMessage, writeMessageOf } from './remote-write-content-type.ts';
import { answerText, PlainRefusal, registerWriteRoute } from './write-route.ts';

export interface RemoteWriteApiOptions {
  /** Undefined when it is not enabled. */
  readonly receiver: WriteReceiver | undefined;
  /** The messages that are taken; others are answered with 415. */
  readonly acceptedMessages: readonly WriteMessage[];
}

const DISABLED = 'remote write receiver needs to be enabled with --web.enable-remote-write-receiver';

/** `POST /api/v1/write`: remote write 1.0 and 2.0, answered as by Prometheus. */
export function registerRemoteWrite(
  app: FastifyInstance,
  { receiver, acceptedMessages }: RemoteWriteApiOptions,
): void {
  registerWriteRoute(app, {
    path: '/api/v1/write',
    disabled: receiver ? undefined : DISABLED,
    maxBytes: MAX_BYTES,
    tooLargeStatus: 413,
    async handle(request, reply, body) {
      const version = WRITE_MESSAGES[checkedMessage(request, acceptedMessages)];
      const outcome = await receiver!.receive(body, version);
      if (version === 2 && outcome.type !== 'corrupt') tellWritten(reply, outcome);
      return answer(reply, outcome);
    },
  });
}

function checkedMessage(request: FastifyRequest, accepted: readonly WriteMessage[]): WriteMessage {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== '' && encoding !== 'snappy')
    throw new PlainRefusal(
      415,
      `${encoding} encoding (compression) is not accepted by this server; only snappy is acceptable`,
    );
  const found = writeMessageOf(request.headers['content-type']);
  if ('problem' in found) throw new PlainRefusal(415, found.problem);
  if (!accepted.includes(found.message))
    throw new PlainRefusal(
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

/** Remote write 2.0, "Required Written Response Headers". */
function tellWritten(reply: FastifyReply, outcome: WriteOutcome): void {
  const written: Written = 'written' in outcome ? outcome.written : NOTHING_WRITTEN;
  reply.header('x-prometheus-remote-write-samples-written', written.samples);
  reply.header('x-prometheus-remote-write-histograms-written', written.histograms);
  reply.header('x-prometheus-remote-write-exemplars-written', written.exemplars);
}
