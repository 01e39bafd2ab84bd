import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Logger, silentLogger, UserError } from '../core/index.ts';
import { SPAN_KINDS, spanKindName, tracesToJson } from '../otlp/index.ts';
import {
  type OperationName,
  type SpanStore,
  SpanStoreUnavailable,
  type StoredTrace,
} from '../traces/index.ts';
import { toJaegerTrace } from './jaeger-legacy.ts';
import {
  badParameter,
  first,
  legacyQuery,
  type Parameters,
  required,
  traceId,
  traceIds,
  v3Query,
} from './jaeger-parameters.ts';

export interface JaegerApiOptions {
  readonly spans: SpanStore;
  /** Told of queries that fail for other reasons than their parameters. */
  readonly logger?: Logger;
}

/** An answer other than success that is nobody's mistake in writing. */
class JaegerRefusal extends Error {
  readonly statusCode: number;
  constructor(statusCode: number, message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}

/** The legacy API's envelope. */
const structured = (data: unknown, total: number) => ({ data, total, limit: 0, offset: 0, errors: null });
const legacyError = (code: number, msg: string) => ({
  data: null,
  total: 0,
  limit: 0,
  offset: 0,
  errors: [{ code, msg }],
});
/** The v3 API's error (GRPCGatewayError of Jaeger's apiv3). */
const v3Error = (httpCode: number, message: string) => ({ error: { httpCode, message } });

function statusOf(error: Error & { statusCode?: number }): number {
  if (error instanceof UserError) return 400;
  if (error instanceof SpanStoreUnavailable) return 503;
  return error.statusCode ?? 500;
}

/** The reason without code and remedy, which these shapes have no place for. */
const reasonOf = (error: Error) => (error instanceof UserError ? error.problems[0]!.message : error.message);

function answerErrors(
  app: FastifyInstance,
  logger: Logger,
  shape: (status: number, message: string) => object,
): void {
  app.setErrorHandler<Error>((error, request: FastifyRequest, reply: FastifyReply) => {
    const status = statusOf(error);
    if (status >= 500) logger.error({ path: request.url, reason: error.message }, 'trace query failed');
    return reply.code(status).send(shape(status, reasonOf(error)));
  });
}

const parametersOf = (request: FastifyRequest) => request.query as Parameters;
const pathOf = (request: FastifyRequest, name: string) => (request.params as Record<string, string>)[name]!;

/** A kind of span by name; none is given for all. */
function kindOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const kind = (SPAN_KINDS as readonly string[]).indexOf(text.toLowerCase());
  if (kind === -1) throw badParameter(name, `${JSON.stringify(text)} is none of ${SPAN_KINDS.join(', ')}`);
  return kind;
}

const kindText = ({ kind }: OperationName) => {
  const name = spanKindName(kind);
  return name === 'unspecified' ? '' : name;
};
const toOperation = (operation: OperationName) => ({ name: operation.name, spanKind: kindText(operation) });

async function tracesByIds(store: SpanStore, ids: readonly string[]): Promise<StoredTrace[]> {
  const traces: StoredTrace[] = [];
  for (const id of new Set(ids)) {
    const trace = await store.trace(id);
    if (trace) traces.push(trace);
  }
  return traces;
}

/** Most traces that may be asked for by id at once. */
const MAX_IDS = 100;

function registerLegacy(app: FastifyInstance, { spans, logger = silentLogger }: JaegerApiOptions): void {
  answerErrors(app, logger, legacyError);
  app.get('/api/services', async () => {
    const services = await spans.services();
    return structured(services, services.length);
  });
  app.get('/api/operations', async request => {
    const parameters = parametersOf(request);
    const service = required(parameters, 'service');
    const kind = kindOf('spanKind', first(parameters, 'spanKind'));
    const operations = await spans.operations(service, kind);
    return structured(operations.map(toOperation), operations.length);
  });
  app.get('/api/services/:service/operations', async request => {
    const operations = await spans.operations(pathOf(request, 'service'));
    const names = [...new Set(operations.map(({ name }) => name))];
    return structured(names, names.length);
  });
  app.get('/api/traces', async request => {
    const parameters = parametersOf(request);
    const ids = traceIds(parameters);
    if (ids.length > MAX_IDS) throw badParameter('traceID', `at most ${MAX_IDS} ids at once`);
    const traces =
      ids.length > 0 ? await tracesByIds(spans, ids) : await spans.search(legacyQuery(parameters));
    return structured(traces.map(toJaegerTrace), traces.length);
  });
  app.get('/api/traces/:id', async request => {
    const trace = await spans.trace(traceId('traceID', pathOf(request, 'id')));
    if (!trace) throw new JaegerRefusal(404, 'trace not found');
    return structured([toJaegerTrace(trace)], 1);
  });
  app.get('/api/dependencies', async () => {
    throw new JaegerRefusal(501, 'dependencies between services are not computed');
  });
}

const v3Result = (traces: readonly StoredTrace[]) => ({
  result: tracesToJson(traces.flatMap(trace => trace.resourceSpans)),
});

function registerV3(app: FastifyInstance, { spans, logger = silentLogger }: JaegerApiOptions): void {
  answerErrors(app, logger, v3Error);
  app.get('/api/v3/services', async () => ({ services: await spans.services() }));
  app.get('/api/v3/operations', async request => {
    const parameters = parametersOf(request);
    const service = required(parameters, 'service');
    const kind = kindOf('spanKind', first(parameters, 'spanKind', 'span_kind'));
    return { operations: (await spans.operations(service, kind)).map(toOperation) };
  });
  app.get('/api/v3/traces', async request => {
    const traces = await spans.search(v3Query(parametersOf(request)));
    if (traces.length === 0) throw new JaegerRefusal(404, 'No traces found');
    return v3Result(traces);
  });
  app.get('/api/v3/traces/:id', async request => {
    const trace = await spans.trace(traceId('trace_id', pathOf(request, 'id')));
    if (!trace) throw new JaegerRefusal(404, 'No traces found');
    return v3Result([trace]);
  });
}

/**
 * Jaeger's query API, legacy and v3, over the span store. Errors have the shape of the API asked. Times that a
 * legacy search does not give are open, where Jaeger takes the last two days.
 */
export function registerJaegerApi(app: FastifyInstance, options: JaegerApiOptions): void {
  app.register(async scope => registerLegacy(scope, options));
  app.register(async scope => registerV3(scope, options));
}
