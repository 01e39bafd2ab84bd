import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Logger } from '../core/index.ts';
import { type HttpGuardOptions, refuseForeignRequests } from './http-guard.ts';
import { tellWhyRefused } from './refused-bodies.ts';

/** What all HTTP surfaces of the guard share. */
export interface HttpAppOptions extends HttpGuardOptions {
  readonly logger: Logger;
  /** Largest request body in bytes. */
  readonly bodyLimit?: number;
}

/** Errors of ours and of the framework. */
type AnswerError = Error & { statusCode?: number; errorType?: string; code?: string };

const errorTypeOf = ({ errorType }: AnswerError, status: number) =>
  errorType ?? (status >= 500 ? 'internal' : 'bad_data');

const BODY_LIMIT = 4 * 1024 * 1024;

/** What an error says to the client: the framework does not tell its limit. */
export const answerTextOf = ({ code, message }: AnswerError, { routeOptions }: FastifyRequest): string =>
  code === 'FST_ERR_CTP_BODY_TOO_LARGE'
    ? `request body exceeds the ${routeOptions.bodyLimit} bytes limit`
    : message;

/** A Fastify application behind `refuseForeignRequests`, with errors in the shape of Prometheus's API. */
export function createHttpApp({
  logger,
  bodyLimit = BODY_LIMIT,
  ...guarded
}: HttpAppOptions): FastifyInstance {
  const app = Fastify({
    logger: false,
    bodyLimit,
    routerOptions: { ignoreTrailingSlash: true },
    // Paths that are not UTF-8.
    frameworkErrors: ({ message }, _request, reply) => {
      (reply as FastifyReply).code(400).send({ status: 'error', errorType: 'bad_data', error: message });
    },
  });
  refuseForeignRequests(app, guarded);
  tellWhyRefused(app);
  app.addHook('onSend', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff');
  });
  app.setErrorHandler((error: AnswerError, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500 && error.errorType === undefined)
      logger.error({ error: error.message, url: request.url }, 'request failed');
    return reply
      .code(status)
      .send({ status: 'error', errorType: errorTypeOf(error, status), error: answerTextOf(error, request) });
  });
  return app;
}
