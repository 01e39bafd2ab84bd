import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock, Milliseconds } from '../core/index.ts';
import {
  cardinalityQuery,
  instantQuery,
  labelsQuery,
  labelValuesQuery,
  rangeQuery,
  seriesQuery,
} from './prometheus-queries.ts';
import type { QueryPool } from './query-pool.ts';
import type { HeadFigures, QueryAnswer, QueryErrorType, QueryRequest } from './query-protocol.ts';
import { acceptForms, durationParam, paramsOf } from './request-params.ts';

/** Gives the `data` of an answer. @throws BadParameter */
export type View = (params: URLSearchParams) => unknown;

/** What the API shows besides query results. */
export const VIEW_PATHS = [
  'rules',
  'alerts',
  'targets',
  'scrape_pools',
  'metadata',
  'alertmanagers',
  'status/buildinfo',
  'status/config',
  'status/flags',
  'status/runtimeinfo',
] as const;
export type PrometheusViews = Readonly<Record<(typeof VIEW_PATHS)[number], View>>;

export interface PrometheusApiOptions {
  readonly pool: QueryPool;
  readonly views: PrometheusViews;
  readonly head: () => HeadFigures;
  readonly clock: Clock;
  /** The longest that a query may take; `timeout` in a request can only shorten it. */
  readonly queryTimeout: Milliseconds;
}

/** Prometheus's web/api/v1 `getDefaultErrorCode`. */
const STATUS: Readonly<Record<QueryErrorType, number>> = {
  bad_data: 400,
  execution: 422,
  canceled: 499,
  timeout: 503,
  internal: 500,
};

/** Endpoints of Prometheus's API that are not there: they answer 501 with this reason. */
const NOT_SERVED: ReadonlyArray<readonly [path: string, reason: string]> = [
  ['targets/metadata', 'metadata is served by metric name alone, at /api/v1/metadata'],
  ['targets/relabel_steps', 'relabelling cannot be traced'],
  ['scrape_pools/config', 'the whole configuration is at /api/v1/status/config'],
  ['query_exemplars', 'exemplars cannot be queried'],
  ['format_query', 'formatting is not served'],
  ['parse_query', 'the syntax tree is not served'],
  ['features', 'features are not listed'],
  ['notifications', 'there are no notifications of the server itself'],
  ['status/tsdb/blocks', 'samples are not kept in blocks'],
  ['status/walreplay', 'the store is open before this port answers'],
  ['status/self_metrics', 'they are at /metrics'],
  ['read', 'remote read is not served'],
  ['write', 'remote write is not received'],
  ['otlp/v1/metrics', 'metrics are not received over OTLP'],
  ['admin/tsdb/delete_series', 'the admin API is not served'],
  ['admin/tsdb/clean_tombstones', 'the admin API is not served'],
  ['admin/tsdb/snapshot', 'the admin API is not served'],
];

const READ_METHODS = ['GET', 'POST'];

/** Prometheus's HTTP API v1 under `/api/v1`, for an app of `createHttpApp`: as far as it is served; the rest answers 501 with the reason. */
export function registerPrometheusApi(app: FastifyInstance, options: PrometheusApiOptions): void {
  const { pool, views, clock, queryTimeout } = options;
  acceptForms(app);

  function serveQuery(
    url: string,
    methods: string[],
    read: (params: URLSearchParams, name: string) => QueryRequest,
  ) {
    app.route<{ Params: { name?: string } }>({
      method: methods,
      url: `/api/v1/${url}`,
      handler: async (request, reply) => {
        const params = paramsOf(request);
        const query = read(params, request.params.name ?? '');
        const timeout = Math.min(queryTimeout, durationParam(params, 'timeout') ?? queryTimeout);
        return sendAnswer(reply, await pool.run(query, { timeout, signal: clientGone(reply) }));
      },
    });
  }

  serveQuery('query', READ_METHODS, params => instantQuery(params, clock));
  serveQuery('query_range', READ_METHODS, rangeQuery);
  serveQuery('series', READ_METHODS, seriesQuery);
  serveQuery('labels', READ_METHODS, labelsQuery);
  serveQuery('label/:name/values', ['GET'], labelValuesQuery);
  serveQuery('status/tsdb', ['GET'], params => cardinalityQuery(params, options.head()));

  for (const path of VIEW_PATHS) {
    app.get(`/api/v1/${path}`, async (request: FastifyRequest) => ({
      status: 'success',
      data: views[path](paramsOf(request)),
    }));
  }
  for (const [path, reason] of NOT_SERVED)
    app.all(`/api/v1/${path}`, (_request, reply) => notServed(reply, reason));
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

const fail = (reply: FastifyReply, errorType: QueryErrorType, error: string): FastifyReply =>
  reply.code(STATUS[errorType]).send({ status: 'error', errorType, error });

const notServed = (reply: FastifyReply, reason: string): FastifyReply =>
  reply
    .code(501)
    .send({ status: 'error', errorType: 'not_implemented', error: `not served here: ${reason}` });
