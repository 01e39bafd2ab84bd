import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { type DestinationStream, type Logger, pino } from 'pino';
import { currentTraceFields } from '../trace-fields.ts';

export interface ServiceAppOptions {
  /** Names the service in each log line. */
  readonly name: string;
  /** pino's levels; default `info`. */
  readonly logLevel?: string | undefined;
  /** Where the log goes; default standard output. */
  readonly logTo?: DestinationStream;
  /** Largest body in bytes; default 1 MiB. */
  readonly bodyLimit?: number;
}

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

function createLogger(options: ServiceAppOptions): Logger {
  const level = options.logLevel || 'info';
  if (!LEVELS.includes(level)) {
    throw new Error(`LOG_LEVEL=${level} is not a level; use one of ${LEVELS.join(', ')}`);
  }
  const settings = {
    level,
    base: { service: options.name },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return options.logTo === undefined ? pino(settings) : pino(settings, options.logTo);
}

/** The trace ids are read once at the start: when the answer is out, the span is no longer the current one. */
function bindTrace(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  const fields = currentTraceFields();
  if (fields !== undefined) {
    request.log = request.log.child({ ...fields });
    reply.log = request.log;
  }
  done();
}

function logRequest(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  const fields = {
    method: request.method,
    path: request.url,
    status: reply.statusCode,
    duration_ms: Math.round(reply.elapsedTime * 1000) / 1000,
  };
  request.log.info(fields, reply.raw.writableFinished ? 'request' : 'request abandoned by the client');
  done();
}

function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const status = error.statusCode !== undefined && error.statusCode >= 400 ? error.statusCode : 500;
  if (status >= 500) request.log.error({ err: error }, 'request failed');
  const message = status >= 500 ? 'internal error' : error.message;
  reply.code(status).send({ error: error.code ?? 'error', message });
}

/**
 * A Fastify application as every service here has it: JSON log with trace ids on each request's line, JSON errors,
 * JSON 404, and connections that are finished rather than cut when it closes.
 */
export function createServiceApp(options: ServiceAppOptions): FastifyInstance {
  const app = Fastify({
    loggerInstance: createLogger(options),
    logController: new Fastify.LogController({ disableRequestLogging: true }),
    exposeHeadRoutes: false,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    bodyLimit: options.bodyLimit ?? 1_048_576,
  }) as unknown as FastifyInstance;
  app.addHook('onRequest', bindTrace);
  app.addHook('onResponse', logRequest);
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((request, reply) => {
    reply.code(404).send({ error: 'not_found', message: `no route ${request.method} ${request.url}` });
  });
  app.get('/healthz', { config: { otel: false }, logLevel: 'warn' }, async () => ({ status: 'ok' }));
  return app;
}
