import { messageOf, UserError } from '../core/index.ts';
import {
  type Expr,
  type PromqlEngine,
  parseExpr,
  type Queryable,
  type QueryOptions,
  type QueryResult,
} from '../promql/index.ts';
import { cardinalityOf } from './cardinality.ts';
import { labelsJson, listJson, queryResultJson, successJson } from './query-json.ts';
import type { HeadFigures, QueryAnswer, QueryErrorType, QueryRequest } from './query-protocol.ts';
import { BadParameter } from './request-params.ts';
import { labelNamesOf, labelValuesOf, seriesOf } from './series-lists.ts';

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

const TRUNCATED = 'results truncated due to limit';

/** Answers one request at a time, synchronously. Never throws for what a user asks. */
export function createQueryRunner({ engine, storage }: QueryRunnerOptions): QueryRunner {
  const encoder = new TextEncoder();

  function bodyOf(request: QueryRequest, control: QueryControl): string {
    switch (request.kind) {
      case 'instant': {
        const { at, lookbackDelta, limit } = request;
        const expr = parsed(request.expr);
        return queryResultJson(
          truncated(engine.instant(storage, expr, at, { ...control, lookbackDelta }), limit),
        );
      }
      case 'range': {
        const { start, end, step, lookbackDelta, limit } = request;
        const expr = parsed(request.expr);
        return queryResultJson(
          truncated(engine.range(storage, expr, { start, end, step }, { ...control, lookbackDelta }), limit),
        );
      }
      case 'series':
        return limitedList(seriesOf(storage, request).map(labelsJson), request.limit);
      case 'labels':
        return limitedList(labelNamesOf(storage, request).map(quote), request.limit);
      case 'label-values':
        return limitedList(labelValuesOf(storage, request.name, request).map(quote), request.limit);
      case 'cardinality':
        return successJson(tsdbStatus(storage, request));
    }
  }

  return (request, control) => {
    try {
      return { ok: true, body: encoder.encode(bodyOf(request, control)) };
    } catch (error) {
      if (error instanceof UserError)
        return { ok: false, type: ERROR_TYPES[error.code] ?? 'bad_data', message: error.message };
      const type = error instanceof BadParameter ? 'bad_data' : 'internal';
      return { ok: false, type, message: messageOf(error) };
    }
  };
}

/** The `data` of `/api/v1/status/tsdb`. */
function tsdbStatus(
  storage: Queryable,
  { limit, head }: { readonly limit: number; readonly head: HeadFigures },
) {
  const { numSeries, numLabelPairs, ...lists } = cardinalityOf(storage, limit);
  return { headStats: { numSeries, numLabelPairs, ...head }, ...lists };
}

/** @throws UserError `unsupported-promql`, BadParameter for all else */
function parsed(text: string): Expr {
  try {
    return parseExpr(text);
  } catch (error) {
    if (error instanceof UserError && ERROR_TYPES[error.code] === undefined)
      throw new BadParameter(`invalid parameter "query": ${error.message}`);
    throw error;
  }
}

const quote = (text: string) => JSON.stringify(text);

function limitedList(items: readonly string[], limit: number): string {
  const isOver = limit > 0 && items.length > limit;
  return listJson(isOver ? items.slice(0, limit) : items, isOver ? [TRUNCATED] : []);
}

function truncated(result: QueryResult, limit: number): QueryResult {
  if (limit === 0) return result;
  const warnings = [...result.warnings, TRUNCATED];
  if (result.type === 'vector' && result.samples.length > limit)
    return { ...result, samples: result.samples.slice(0, limit), warnings };
  if (result.type === 'matrix' && result.series.length > limit)
    return { ...result, series: result.series.slice(0, limit), warnings };
  return result;
}
