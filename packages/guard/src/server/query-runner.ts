import { type Labels, type Matcher, messageOf, UserError } from '../core/index.ts';
import { type PromqlEngine, parseExpr, type Queryable, type QueryOptions } from '../promql/index.ts';
import { labelsJson, listJson, queryResultJson } from './query-json.ts';
import type { QueryAnswer, QueryErrorType, QueryRequest } from './query-protocol.ts';

export interface QueryControl {
  /** Asked by the engine every few thousand samples; an answer ends the query. */
  readonly interrupted: NonNullable<QueryOptions['interrupted']>;
}

export interface QueryRunnerOptions {
  readonly engine: PromqlEngine;
  readonly storage: Queryable;
}

export type QueryRunner = (request: QueryRequest, control: QueryControl) => QueryAnswer;

/** The engine's error codes in the API's terms; what is not here is the asker's mistake. */
const ERROR_TYPES: Readonly<Record<string, QueryErrorType>> = {
  'promql-execution': 'execution',
  'promql-too-many-samples': 'execution',
  'promql-timeout': 'timeout',
  'promql-canceled': 'canceled',
  'unsupported-promql': 'execution',
};

/** Answers one request at a time, synchronously. Never throws for what a user asks. */
export function createQueryRunner({ engine, storage }: QueryRunnerOptions): QueryRunner {
  const encoder = new TextEncoder();

  function bodyOf(request: QueryRequest, control: QueryControl): string {
    switch (request.kind) {
      case 'instant':
        return queryResultJson(
          engine.instant(storage, parseExpr(request.expr), request.at, {
            ...control,
            lookbackDelta: request.lookbackDelta,
          }),
        );
      case 'range': {
        const { start, end, step, lookbackDelta } = request;
        return queryResultJson(
          engine.range(storage, parseExpr(request.expr), { start, end, step }, { ...control, lookbackDelta }),
        );
      }
      case 'series':
        return listJson(limited(request.limit, seriesOf(request)).map(labelsJson));
      case 'labels':
        return listJson(
          limited(
            request.limit,
            namesOf(request, (querier, matchers) => querier.labelNames(matchers)),
          ).map(text => JSON.stringify(text)),
        );
      case 'label-values':
        return listJson(
          limited(
            request.limit,
            namesOf(request, (querier, matchers) => querier.labelValues(request.name, matchers)),
          ).map(text => JSON.stringify(text)),
        );
    }
  }

  type Ranged = Extract<QueryRequest, { matches: readonly string[] }>;

  function withQuerier<T>({ start, end }: Ranged, use: (querier: ReturnType<Queryable['querier']>) => T): T {
    const querier = storage.querier(start, end);
    try {
      return use(querier);
    } finally {
      querier.close();
    }
  }

  function seriesOf(request: Ranged): Labels[] {
    return withQuerier(request, querier => {
      const found = new Map<string, Labels>();
      for (const match of request.matches) {
        for (const { labels, samples } of querier
          .select(matchersOf(match))
          .map(series => ({ labels: series.labels, samples: series.samples(request.start, request.end) }))) {
          if (samples.end > samples.start) found.set(labels.key, labels);
        }
      }
      return [...found.values()];
    });
  }

  function namesOf(
    request: Ranged,
    list: (querier: ReturnType<Queryable['querier']>, matchers: readonly Matcher[]) => string[],
  ): string[] {
    return withQuerier(request, querier => {
      const sets = request.matches.length === 0 ? [[]] : request.matches.map(matchersOf);
      return [...new Set(sets.flatMap(matchers => list(querier, matchers)))].sort();
    });
  }

  return (request, control) => {
    try {
      return { ok: true, body: encoder.encode(bodyOf(request, control)) };
    } catch (error) {
      if (error instanceof UserError)
        return { ok: false, type: ERROR_TYPES[error.code] ?? 'bad_data', message: error.message };
      return { ok: false, type: 'internal', message: messageOf(error) };
    }
  };
}

const limited = <T>(limit: number, items: readonly T[]): readonly T[] =>
  limit > 0 ? items.slice(0, limit) : items;

/** The matchers of a series selector. @throws UserError when the text is anything else */
function matchersOf(match: string): readonly Matcher[] {
  const expr = parseExpr(match);
  if (expr.type !== 'vector')
    throw new UserError(
      'bad-promql',
      `invalid parameter "match[]": ${JSON.stringify(match)} is not a series selector`,
    );
  return expr.matchers;
}
