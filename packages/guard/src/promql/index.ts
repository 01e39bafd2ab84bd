export type {
  AggregateExpr,
  AggregateOperator,
  AtModifier,
  BinaryExpr,
  BinaryOperator,
  CallExpr,
  DurationNode,
  Expr,
  MatrixSelector,
  NumberLiteral,
  ParenExpr,
  Span,
  StringLiteral,
  SubqueryExpr,
  UnaryExpr,
  ValueType,
  VectorMatching,
  VectorSelector,
} from './ast.ts';
export {
  createEngine,
  type EngineOptions,
  type PromqlEngine,
  type QueryOptions,
  type RangeOptions,
} from './engine/engine.ts';
export type { MatrixSeries, QueryResult, VectorSample } from './engine/result.ts';
export type { SampleStatistics } from './engine/statistics.ts';
export type { ExecutionCode } from './errors.ts';
export { parseErrorText } from './errors.ts';
export { exprJson } from './expr-json.ts';
export { formatExpr } from './format-expr.ts';
export { EXPERIMENTAL_FUNCTIONS, FUNCTIONS } from './functions.ts';
export { parseExpr, parseMetricSelector } from './parse.ts';
export { offsetOfPlace } from './places.ts';
export { printExpr, printName } from './print.ts';
export { parseSeries, type SequenceValue, type SeriesLine } from './script/series-line.ts';
export {
  type Appendable,
  type Appender,
  type AppendOutcome,
  type Exemplar,
  isStaleAt,
  type Querier,
  type Queryable,
  type Samples,
  type SeriesData,
  writeStaleAt,
} from './storage.ts';
export { typeOf } from './type-of.ts';
export { childrenOf, type SelectorUse, selectorsOf, walkExpr } from './walk.ts';
