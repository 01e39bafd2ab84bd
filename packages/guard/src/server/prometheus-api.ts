import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../core/index.ts';
import { clientGone, JSON_TYPE, sendAnswer } from './api-answers.ts';
import { ApiError } from './api-error.ts';
import { type Method, serve } from './method-routes.ts';
import {
  cardinalityQuery,
  instantQuery,
  labelsQuery,
  labelValuesQuery,
  rangeQuery,
  seriesQuery,
  type TimedQuery,
} from './prometheus-queries.ts';
import type { TextPieces } from './query-json.ts';
import type { QueryPool } from './query-pool.ts';
import type { HeadFigures } from './query-protocol.ts';
import { answerOf } from './query-thread.ts';
import { acceptForms, paramsOf } from './request-forms.ts';
import type { RequestParams } from './request-params.ts';

/** Gives the `data` of an answer; undefined is an answer without content. @throws ApiError */
export type View = (params: RequestParams) => unknown;

/** What the API shows besides query results. */
export const VIEW_PATHS = [
  'rules',
  'alerts',
  'targets',
  'targets/metadata',
  'targets/relabel_steps',
  'features',
  'scrape_pools',
  'scrape_pools/config',
  'metadata',
  'alertmanagers',
  'notifications',
  'status/buildinfo',
  'status/config',
  'status/flags',
  'status/runtimeinfo',
  'status/self_metrics',
  'status/tsdb/blocks',
  'status/walreplay',
] as const;
export type PrometheusViews = Readonly<Record<(typeof VIEW_PATHS)[number], View>>;

export interface PrometheusApiOptions {
  readonly pool: QueryPool;
  readonly views: PrometheusViews;
  /** The answer of `query_exemplars`; undefined for one without content. @throws ApiError */
  readonly exemplars: (params: RequestParams) => Promise<TextPieces | undefined>;
  readonly head: () => HeadFigures;
  readonly clock: Clock;
}

/** Behind `--enable-feature=search-api` in Prometheus, and refused here as there without it. */
const SEARCHES = ['metric_names', 'label_names', 'label_values'] as const;

type Methods = readonly Method[];
const GET: Methods = ['GET'];
const READ: Methods = ['GET', 'POST'];

/** What asks for samples and series and changes nothing, by GET and POST. */
export const QUERY_PATHS: readonly string[] = [
  'query',
  'query_range',
  'query_exemplars',
  'format_query',
  'parse_query',
  'series',
  'labels',
];

/** Endpoints of Prometheus's API that are not there: they answer 501 with this reason. */
const NOT_SERVED: ReadonlyArray<readonly [path: string, reason: string, methods?: Methods]> = [
  ['notifications/live', 'there are no notifications of the server itself'],
  ['openapi.yaml', 'the API is described at prometheus.io'],
  ['read', 'remote read is not served', ['POST']],
];

/** Prometheus's HTTP API v1 under `/api/v1`, for an app of `createHttpApp`: as far as it is served; the rest answers 501 with the reason. */
export function registerPrometheusApi(app: FastifyInstance, options: PrometheusApiOptions): void {
  const { pool, views, clock } = options;
  acceptForms(app);

  function serveQuery(path: string, methods: Methods, read: (request: FastifyRequest) => TimedQuery) {
    serve(app, methods, `/api/v1/${path}`, async (request, reply) => {
      const { request: query, timeout } = read(request);
      const answer = await pool.run(query, { timeout, signal: clientGone(reply) });
      return sendAnswer(request, reply, answer, JSON_TYPE);
    });
  }

  serveQuery('query', READ, request => instantQuery(paramsOf(request), request.headers, clock));
  serveQuery('query_range', READ, request => rangeQuery(paramsOf(request), request.headers));
  for (const [path, kind] of [
    ['format_query', 'format'],
    ['parse_query', 'parse'],
  ] as const)
    serveQuery(path, READ, request => ({ request: { kind, expr: paramsOf(request).value('query') } }));
  serveQuery('series', READ, request => ({ request: seriesQuery(paramsOf(request)) }));
  serveQuery('labels', READ, request => ({ request: labelsQuery(paramsOf(request)) }));
  serveQuery('label/:name/values', ['GET'], request => ({
    request: labelValuesQuery(paramsOf(request), (request.params as { name: string }).name),
  }));
  serveQuery('status/tsdb', ['GET'], request => ({
    request: cardinalityQuery(paramsOf(request), options.head()),
  }));

  serve(app, READ, '/api/v1/query_exemplars', async (request, reply) => {
    const pieces = await options.exemplars(paramsOf(request));
    if (!pieces) return reply.code(204).send();
    return sendAnswer(request, reply, answerOf(pieces), JSON_TYPE);
  });
  for (const path of VIEW_PATHS) {
    serve(app, GET, `/api/v1/${path}`, async (request, reply) =>
      sendView(reply, await views[path](paramsOf(request))),
    );
  }
  app.options('/api/v1/*', (_request, reply) => reply.code(204).send());
  for (const path of SEARCHES)
    serve(app, READ, `/api/v1/search/${path}`, () => {
      throw new ApiError('unavailable', 'search API disabled');
    });
  for (const [path, reason, methods = GET] of NOT_SERVED)
    serve(app, methods, `/api/v1/${path}`, () => {
      throw new ApiError('not_implemented', `not served here: ${reason}`);
    });
}

const sendView = (reply: FastifyReply, data: unknown): FastifyReply =>
  data === undefined ? reply.code(204).send() : reply.send({ status: 'success', data });
