import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { limitBytesInFlight } from './bytes-in-flight.ts';
import { PLAIN, refuseOthers } from './method-routes.ts';

/** An answer other than success, told in plain text as by Prometheus. */
export class PlainRefusal extends Error {
  readonly statusCode: number;

  constructor(statusCode: number, message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}

/** A path that samples are posted to, with bodies that are no text. */
export interface WriteRoute {
  readonly path: string;
  /** Why it is not served; undefined where it is. */
  readonly disabled: string | undefined;
  /** Of a body as it comes. */
  readonly maxBytes: number;
  /** The status of a body beyond that. */
  readonly tooLargeStatus: number;
  /** Throws PlainRefusal. */
  handle(request: FastifyRequest, reply: FastifyReply, body: Buffer): Promise<FastifyReply>;
}

/** Bodies that may be read or waiting at the same time: four of the largest. */
const LARGEST_IN_FLIGHT = 4;

/** In a scope of its own: bodies of any content type as bytes, errors as text. */
export function registerWriteRoute(app: FastifyInstance, route: WriteRoute): void {
  const { path, disabled, maxBytes, tooLargeStatus } = route;
  app.register(async scope => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.setErrorHandler<Error & { statusCode?: number }>((error, _request, reply) => {
      if (error.statusCode !== 413) return answerText(reply, error.statusCode ?? 500, error.message);
      return answerText(reply, tooLargeStatus, `request body exceeds the ${maxBytes} bytes limit`);
    });
    refuseOthers(scope, ['POST'], path);
    if (disabled !== undefined) {
      const refuse = () => Promise.reject(new PlainRefusal(404, disabled));
      scope.post(path, { onRequest: refuse }, () => undefined);
      return;
    }
    limitBytesInFlight(
      scope,
      maxBytes * LARGEST_IN_FLIGHT,
      () => new PlainRefusal(503, 'too many large requests at once'),
    );
    scope.post(path, { bodyLimit: maxBytes }, (request, reply) =>
      route.handle(request, reply, Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)),
    );
  });
}

export const answerText = (reply: FastifyReply, status: number, text: string): FastifyReply =>
  reply.code(status).type(PLAIN).send(`${text}\n`);
