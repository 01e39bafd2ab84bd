import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock, Labels, Milliseconds } from '../core/index.ts';
import { clientGone, sendAnswer } from './api-answers.ts';
import { ApiError } from './api-error.ts';
import { PLAIN, serve } from './method-routes.ts';
import { ESCAPING_SCHEMES, type EscapingScheme } from './name-escaping.ts';
import type { QueryPool } from './query-pool.ts';
import type { QueryRequest } from './query-protocol.ts';
import { paramsOf } from './request-forms.ts';
import { type RequestParams, requireReadable } from './request-params.ts';

export interface FederateOptions {
  readonly pool: QueryPool;
  readonly clock: Clock;
  readonly lookbackDelta: Milliseconds;
  /** As the configuration has them now. */
  readonly externalLabels: () => Labels;
}

/** `/federate`: newest samples for another server to scrape (web/federate.go), always in the text format. */
export function registerFederate(app: FastifyInstance, options: FederateOptions): void {
  serve(app, ['GET'], '/federate', async (request, reply) => {
    try {
      const params = paramsOf(request);
      requireReadable(params);
      const escaping = escapingOf(request);
      const question = federationQuestion(params, escaping, options);
      const answer = await options.pool.run(question, { signal: clientGone(reply) });
      const type = `text/plain; version=0.0.4; charset=utf-8; escaping=${escaping}`;
      return sendAnswer(request, reply, answer, type);
    } catch (error) {
      return sendText(reply, error);
    }
  });
}

function federationQuestion(
  params: RequestParams,
  escaping: EscapingScheme,
  { clock, lookbackDelta, externalLabels }: FederateOptions,
): QueryRequest {
  const end = clock.now();
  // A federating server must not take an `instance` of its own for one of these series.
  const labels = new Map([['instance', ''], ...externalLabels()]);
  return {
    kind: 'federate',
    matches: params.values('match[]'),
    start: end - lookbackDelta,
    end,
    externalLabels: [...labels].sort(([a], [b]) => (a < b ? -1 : 1)),
    escaping,
  };
}

/** The scheme that the client accepts names in; underscores where it does not say (expfmt `NegotiateAccept`). */
function escapingOf({ headers }: FastifyRequest): EscapingScheme {
  const wanted = /;\s*escaping=([\w-]+)/.exec(headers.accept ?? '')?.[1];
  return ESCAPING_SCHEMES.find(scheme => scheme === wanted) ?? 'underscores';
}

/** Errors are plain text here. @throws what is no answer */
function sendText(reply: FastifyReply, error: unknown): FastifyReply {
  if (!(error instanceof ApiError)) throw error;
  return reply.code(error.statusCode).type(PLAIN).send(`${error.message}\n`);
}
