import type { AggregateExpr, AggregateOperator, Expr } from '../ast.ts';
import { type Cursor, spanOf } from './cursor.ts';
import { parseArguments } from './parse-call.ts';
import { parseLabelNames } from './parse-label-names.ts';
import type { Token } from './token.ts';

const WITH_PARAM: ReadonlySet<string> = new Set([
  'topk',
  'bottomk',
  'quantile',
  'count_values',
  'limitk',
  'limit_ratio',
]);
const EXPERIMENTAL: ReadonlySet<string> = new Set(['limitk', 'limit_ratio']);

interface Grouping {
  readonly without: boolean;
  readonly labels: readonly string[];
}

/** Parses the aggregation whose operator has been read; its grouping may stand before or after the arguments. */
export function parseAggregate(cursor: Cursor, operator: Token): AggregateExpr {
  return cursor.within({ name: 'aggregation' }, () => {
    const before = parseGrouping(cursor);
    const { args } = parseArguments(cursor);
    const grouping = before ?? parseGrouping(cursor);
    const span = spanOf(operator, cursor.previous());
    checkArguments(cursor, operator, args);
    return {
      type: 'aggregate',
      operator: operator.word as AggregateOperator,
      expr: args.at(-1)!,
      param: args.length === 2 ? args[0] : undefined,
      grouping: grouping?.labels ?? [],
      without: grouping?.without ?? false,
      span,
    };
  });
}

function parseGrouping(cursor: Cursor): Grouping | undefined {
  const keyword = cursor.accept('by', 'without');
  return keyword && { without: keyword.word === 'without', labels: parseLabelNames(cursor) };
}

function checkArguments(cursor: Cursor, operator: Token, args: readonly Expr[]): void {
  const { word } = operator;
  if (args.length === 0) cursor.fail(operator, 'no arguments for aggregate expression provided');
  if (EXPERIMENTAL.has(word))
    cursor.fail(
      operator,
      `${word}() is experimental and must be enabled with --enable-feature=promql-experimental-functions`,
    );
  const wanted = WITH_PARAM.has(word) ? 2 : 1;
  if (args.length !== wanted)
    cursor.fail(
      operator,
      `wrong number of arguments for aggregate expression provided, expected ${wanted}, got ${args.length}`,
    );
}
