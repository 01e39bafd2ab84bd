import type { FastifyInstance, FastifyReply } from 'fastify';
import { answerTextOf } from './http-app.ts';

/** A request that does not fit Alertmanager's API document, answered as go-openapi does. */
export class OpenApiError extends Error {
  override readonly name = 'OpenApiError';
  readonly statusCode: number;
  /** go-openapi/errors: 602 required, 601 wrong form, 612 too few items; else the status. */
  readonly code: number;

  constructor(statusCode: number, message: string, code = statusCode) {
    super(message);
    this.statusCode = statusCode;
    this.code = code;
  }
}

const sendError = (reply: FastifyReply, { statusCode, code, message }: OpenApiError) =>
  reply.code(statusCode).send({ code, message });

/** The methods of each path of an API, by its address in the router's words. */
export type PathMethods = Readonly<Record<string, readonly ('GET' | 'POST' | 'DELETE')[]>>;

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** Bodies are JSON, and errors, unknown paths and methods are answered, as by go-openapi's runtime. */
export function answerAsOpenApi(app: FastifyInstance, paths: PathMethods): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
    if (text === '') return done(null, undefined);
    try {
      return done(null, JSON.parse(text as string));
    } catch {
      return done(new OpenApiError(400, 'parsing body from "" failed, because it is not JSON'));
    }
  });
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    if (error instanceof OpenApiError) return sendError(reply, error);
    const { statusCode = 500 } = error;
    if (statusCode >= 500) throw error;
    const message =
      statusCode === 415
        ? `unsupported media type ${JSON.stringify(request.headers['content-type'] ?? '')}, only [application/json] are allowed`
        : answerTextOf(error, request);
    return sendError(reply, new OpenApiError(statusCode, message));
  });
  app.setNotFoundHandler((request, reply) =>
    sendError(reply, new OpenApiError(404, `path ${request.url.split('?')[0]} was not found`)),
  );
  for (const [url, allowed] of Object.entries(paths))
    app.route({
      method: METHODS.filter(method => !(allowed as readonly string[]).includes(method)),
      url,
      handler: async (request, reply) =>
        sendError(
          reply,
          new OpenApiError(405, `method ${request.method} is not allowed, but [${allowed.join(',')}] are`),
        ),
    });
}
