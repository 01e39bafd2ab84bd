import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock, Milliseconds } from '../core/index.ts';
import type { QueryPool } from './query-pool.ts';
import type { QueryAnswer, QueryErrorType, QueryRequest } from './query-protocol.ts';
import {
  acceptForms,
  BadParameter,
  durationParam,
  limitParam,
  paramsOf,
  timeParam,
} from './request-params.ts';

/** What the API shows besides query results; each gives the `data` of its answer. */
export interface PrometheusViews {
  rules(filter: { readonly type: 'alert' | 'record' | undefined }): unknown;
  alerts(): unknown;
  targets(state: 'active' | 'dropped' | 'any'): unknown;
  tsdbStatus(): unknown;
  config(): unknown;
  flags(): Readonly<Record<string, string>>;
  runtimeInfo(): unknown;
}

export interface PrometheusApiOptions {
  readonly pool: QueryPool;
  readonly views: PrometheusViews;
  readonly clock: Clock;
  readonly version: string;
  readonly queryTimeout: Milliseconds;
}

type ErrorType = QueryErrorType | 'not_found' | 'unavailable';

/** Prometheus's web/api/v1 `getDefaultErrorCode`. */
const STATUS: Readonly<Record<ErrorType, number>> = {
  bad_data: 400,
  execution: 422,
  canceled: 499,
  timeout: 503,
  internal: 500,
  not_found: 404,
  unavailable: 503,
};

/** Points that one series of a range query may have (web/api/v1). */
const MAX_POINTS = 11_000;

/** The earliest and latest instants that a query without bounds covers. */
const MIN_TIME: Milliseconds = 0;

/** Endpoints of Prometheus's API that are not there yet: they answer 501 with this reason. */
const NOT_SERVED: ReadonlyArray<readonly [path: string, reason: string]> = [
  ['metadata', 'metric metadata is not stored'],
  ['targets/metadata', 'metric metadata is not stored'],
  ['query_exemplars', 'exemplars cannot be queried'],
  ['format_query', 'formatting is not served'],
  ['parse_query', 'the syntax tree is not served'],
  ['write', 'remote write is not received'],
];

/** Prometheus's HTTP API v1 under `/api/v1`, as far as it is served; the rest answers 501 with the reason. */
export function registerPrometheusApi(app: FastifyInstance, options: PrometheusApiOptions): void {
  const { pool, views, clock, version } = options;
  acceptForms(app);

  const success = (data: unknown) => ({ status: 'success', data });

  async function answerQuery(
    request: FastifyRequest,
    reply: FastifyReply,
    read: (params: URLSearchParams) => QueryRequest,
  ) {
    try {
      const params = paramsOf(request);
      const query = read(params);
      const timeout = Math.min(
        options.queryTimeout,
        durationParam(params, 'timeout') ?? options.queryTimeout,
      );
      return sendAnswer(reply, await pool.run(query, { timeout, signal: clientGone(reply) }));
    } catch (error) {
      if (error instanceof BadParameter) return fail(reply, 'bad_data', error.message);
      throw error;
    }
  }

  const both = ['GET', 'POST'];
  app.route({
    method: both,
    url: '/api/v1/query',
    handler: (request, reply) => answerQuery(request, reply, instantQuery),
  });
  app.route({
    method: both,
    url: '/api/v1/query_range',
    handler: (request, reply) => answerQuery(request, reply, rangeQuery),
  });
  app.route({
    method: both,
    url: '/api/v1/series',
    handler: (request, reply) => answerQuery(request, reply, seriesQuery),
  });
  app.route({
    method: both,
    url: '/api/v1/labels',
    handler: (request, reply) => answerQuery(request, reply, labelsQuery),
  });
  app.get<{ Params: { name: string } }>('/api/v1/label/:name/values', (request, reply) =>
    answerQuery(request, reply, params => ({
      kind: 'label-values',
      name: request.params.name,
      ...seriesQuestion(params),
    })),
  );

  app.get('/api/v1/rules', async (request, reply) => {
    const type = paramsOf(request).get('type');
    if (type !== null && type !== 'alert' && type !== 'record') {
      return fail(reply, 'bad_data', `invalid parameter "type": not supported value ${JSON.stringify(type)}`);
    }
    return success(views.rules({ type: type ?? undefined }));
  });
  app.get('/api/v1/alerts', async () => success(views.alerts()));
  app.get('/api/v1/targets', async request => {
    const state = paramsOf(request).get('state');
    return success(views.targets(state === 'active' || state === 'dropped' ? state : 'any'));
  });
  app.get('/api/v1/alertmanagers', async () =>
    success({ activeAlertmanagers: [], droppedAlertmanagers: [] }),
  );
  app.get('/api/v1/status/buildinfo', async () =>
    success({
      version,
      revision: '',
      branch: '',
      buildUser: '',
      buildDate: '',
      goVersion: '',
      application: 'slo-guard',
    }),
  );
  app.get('/api/v1/status/config', async () => success(views.config()));
  app.get('/api/v1/status/flags', async () => success(views.flags()));
  app.get('/api/v1/status/runtimeinfo', async () => success(views.runtimeInfo()));
  app.get('/api/v1/status/tsdb', async () => success(views.tsdbStatus()));
  for (const [path, reason] of NOT_SERVED) {
    app.route({
      method: both,
      url: `/api/v1/${path}`,
      handler: (_request, reply) => notServed(reply, reason),
    });
  }

  function instantQuery(params: URLSearchParams): QueryRequest {
    return {
      kind: 'instant',
      expr: params.get('query') ?? '',
      at: timeParam(params, 'time', clock.now()),
      ...lookback(params),
    };
  }

  function seriesQuery(params: URLSearchParams): QueryRequest {
    if (!params.has('match[]')) throw new BadParameter('no match[] parameter provided');
    return { kind: 'series', ...seriesQuestion(params) };
  }

  function labelsQuery(params: URLSearchParams): QueryRequest {
    return { kind: 'labels', ...seriesQuestion(params) };
  }

  function seriesQuestion(params: URLSearchParams) {
    const start = timeParam(params, 'start', MIN_TIME);
    const end = timeParam(params, 'end', clock.now());
    if (end < start)
      throw new BadParameter('invalid parameter "end": end timestamp must not be before start time');
    return { matches: params.getAll('match[]'), start, end, limit: limitParam(params) };
  }
}

function rangeQuery(params: URLSearchParams): QueryRequest {
  const start = timeParam(params, 'start');
  const end = timeParam(params, 'end');
  if (end < start)
    throw new BadParameter('invalid parameter "end": end timestamp must not be before start time');
  const step = durationParam(params, 'step');
  if (step === undefined)
    throw new BadParameter('invalid parameter "step": cannot parse "" to a valid duration');
  if (step <= 0) {
    throw new BadParameter(
      'invalid parameter "step": zero or negative query resolution step widths are not accepted. Try a positive integer',
    );
  }
  if ((end - start) / step > MAX_POINTS) {
    throw new BadParameter(
      `exceeded maximum resolution of ${MAX_POINTS.toLocaleString('en')} points per timeseries. Try decreasing the query resolution (?step=XX)`,
    );
  }
  return { kind: 'range', expr: params.get('query') ?? '', start, end, step, ...lookback(params) };
}

function lookback(params: URLSearchParams): { lookbackDelta?: Milliseconds } {
  const lookbackDelta = durationParam(params, 'lookback_delta');
  return lookbackDelta === undefined ? {} : { lookbackDelta };
}

/** Aborted when the client hangs up before its answer is sent. */
function clientGone(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort();
  });
  return controller.signal;
}

function sendAnswer(reply: FastifyReply, answer: QueryAnswer): FastifyReply {
  if (!answer.ok) return fail(reply, answer.type, answer.message);
  return reply
    .type('application/json')
    .send(Buffer.from(answer.body.buffer, answer.body.byteOffset, answer.body.byteLength));
}

const fail = (reply: FastifyReply, errorType: ErrorType, error: string): FastifyReply =>
  reply.code(STATUS[errorType]).send({ status: 'error', errorType, error });

const notServed = (reply: FastifyReply, reason: string): FastifyReply =>
  reply
    .code(501)
    .send({ status: 'error', errorType: 'not_implemented', error: `not served here: ${reason}` });
