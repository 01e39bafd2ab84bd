import { type Clock, type Milliseconds, unreachable } from '../core/index.ts';
import {
  type Expr,
  exprJson,
  formatExpr,
  type PromqlEngine,
  type Queryable,
  type QueryOptions,
  type QueryResult,
  selectorsOf,
} from '../promql/index.ts';
import { cardinalityOf } from './cardinality.ts';
import { createExprCache } from './expr-cache.ts';
import { federationText } from './federation.ts';
import { failureOf } from './query-failure.ts';
import { labelsText, listText, queryResultText, successText, type TextPieces, whole } from './query-json.ts';
import type { Evaluation, HeadFigures, QueryFailure, QueryRequest } from './query-protocol.ts';
import { statsView, statsWarning } from './query-statistics.ts';
import { fieldsOf, matchersOf } from './selectors.ts';
import { labelNamesOf, labelValuesOf, seriesOf } from './series-lists.ts';

export interface QueryControl {
  /** How long the query has waited. */
  readonly queued: Milliseconds;
  /** Asked by the engine every few thousand samples; an answer ends the query. */
  readonly interrupted: NonNullable<QueryOptions['interrupted']>;
}

export interface QueryRunnerOptions {
  readonly engine: PromqlEngine;
  readonly storage: Queryable;
  readonly clock: Clock;
  /** Whether statistics may tell of each step. */
  readonly perStepStats: boolean;
}

/** The answer's body in pieces, made as they are asked for; everything that can fail has happened before. */
export type QueryRunner = (
  request: QueryRequest,
  control: QueryControl,
) => { readonly ok: true; readonly pieces: TextPieces } | QueryFailure;

const QUERY = 'invalid parameter "query": ';
const TRUNCATED = 'results truncated due to limit';

/** Answers one request at a time, synchronously. Never throws for what a user asks. */
export function createQueryRunner({ engine, storage, clock, perStepStats }: QueryRunnerOptions): QueryRunner {
  const expressions = createExprCache();

  function evaluated(
    { expr: text, stats = '', lookbackDelta, limit }: Evaluation,
    { interrupted, queued }: QueryControl,
    evaluate: (expr: Expr, settings: QueryOptions) => QueryResult,
  ): TextPieces {
    const start = clock.monotonic();
    const expr = expressions.parse(text, QUERY);
    const parsed = clock.monotonic();
    const result = evaluate(expr, { interrupted, lookbackDelta, countsSamples: stats !== '' });
    const timings = { queued, preparing: parsed - start, evaluating: clock.monotonic() - parsed };
    const { statistics } = result;
    const view = statistics && statsView(statistics, timings, stats, perStepStats);
    return queryResultText(truncated(warned(result, statsWarning(stats)), limit), view);
  }

  function piecesOf(request: QueryRequest, control: QueryControl): TextPieces {
    switch (request.kind) {
      case 'instant':
        return evaluated(request, control, (expr, settings) =>
          engine.instant(storage, expr, request.at, settings),
        );
      case 'range':
        return evaluated(request, control, (expr, settings) =>
          engine.range(storage, expr, request, settings),
        );
      case 'series':
        return limitedList(seriesOf(storage, request), labelsText, request.limit);
      case 'labels':
        return limitedList(labelNamesOf(storage, request), quote, request.limit);
      case 'label-values':
        return limitedList(labelValuesOf(storage, request.name, request), quote, request.limit);
      case 'cardinality':
        return whole(successText(tsdbStatus(storage, request)));
      case 'federate':
        return federationText(storage, request);
      case 'format':
        return whole(successText(formatExpr(expressions.parse(request.expr, QUERY))));
      case 'parse':
        return whole(successText(exprJson(expressions.parse(request.expr, QUERY))));
      case 'selectors':
        return whole(
          JSON.stringify(request.texts.map(text => matchersOf(text, request.prefix).map(fieldsOf))),
        );
      case 'selectors-of':
        return whole(JSON.stringify(matchersIn(expressions.parse(request.expr, ''))));
      default:
        return unreachable(request);
    }
  }

  return (request, control) => {
    try {
      return { ok: true, pieces: piecesOf(request, control) };
    } catch (error) {
      return failureOf(error);
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

const matchersIn = (expr: Expr) => selectorsOf(expr).map(({ selector }) => selector.matchers.map(fieldsOf));

const quote = (text: string) => JSON.stringify(text);

function limitedList<T>(items: readonly T[], text: (item: T) => string, limit: number): TextPieces {
  const isOver = limit > 0 && items.length > limit;
  const shown = isOver ? items.slice(0, limit) : items;
  return listText(shown.values().map(text), isOver ? [TRUNCATED] : []);
}

const warned = (result: QueryResult, warning: string | undefined): QueryResult =>
  warning === undefined ? result : { ...result, warnings: [...result.warnings, warning] };

function truncated(result: QueryResult, limit: number): QueryResult {
  if (limit === 0) return result;
  const warnings = [...result.warnings, TRUNCATED];
  if (result.type === 'vector' && result.samples.length > limit)
    return { ...result, samples: result.samples.slice(0, limit), warnings };
  if (result.type === 'matrix' && result.series.length > limit)
    return { ...result, series: result.series.slice(0, limit), warnings };
  return result;
}
