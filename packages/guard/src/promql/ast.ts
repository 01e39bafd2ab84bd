import type { Matcher, Milliseconds, Seconds } from '../core/index.ts';

/**
 * Where a node stands in the text it was parsed from: offsets in UTF-16 units, line and column from 1. Columns count
 * UTF-8 bytes, as Prometheus's positions do.
 */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
}

export type ValueType = 'scalar' | 'vector' | 'matrix' | 'string';

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '^' | 'atan2';
export type ComparisonOperator = '==' | '!=' | '>' | '<' | '>=' | '<=';
export type SetOperator = 'and' | 'or' | 'unless';
/** These cut the buckets of native histograms; floats have none. */
export type TrimOperator = '</' | '>/';
export type BinaryOperator = ArithmeticOperator | ComparisonOperator | SetOperator | TrimOperator;

export type AggregateOperator =
  | 'sum'
  | 'avg'
  | 'min'
  | 'max'
  | 'count'
  | 'group'
  | 'stddev'
  | 'stdvar'
  | 'topk'
  | 'bottomk'
  | 'quantile'
  | 'count_values';

/** Arithmetic in place of a duration. */
interface DurationArithmetic {
  /** Stands in parentheses. */
  readonly wrapped: boolean;
  /** Where it begins and ends, in UTF-8 bytes, as Prometheus's errors tell it. */
  readonly range: readonly [start: number, end: number];
}

/**
 * A duration as written: a literal, or arithmetic on literals and on the query's own step and range. A literal in
 * parentheses is a `+` of itself that is wrapped.
 */
export type DurationNode =
  | { readonly kind: 'literal'; readonly value: Seconds; readonly asDuration: boolean }
  | (DurationArithmetic & { readonly kind: 'step' | 'range' })
  | (DurationArithmetic & {
      readonly kind: 'unary';
      readonly operator: '+' | '-';
      readonly operand: DurationNode;
    })
  | (DurationArithmetic & {
      readonly kind: 'binary';
      readonly operator: DurationOperator;
      readonly left: DurationNode;
      readonly right: DurationNode;
    })
  | (DurationArithmetic & {
      readonly kind: 'min_of' | 'max_of';
      readonly left: DurationNode;
      readonly right: DurationNode;
    });

export type DurationOperator = '+' | '-' | '*' | '/' | '%' | '^';

/** The instant that `@` pins a selector to. */
export type AtModifier =
  | { readonly kind: 'time'; readonly timestamp: Milliseconds }
  | { readonly kind: 'start' }
  | { readonly kind: 'end' };

interface Node {
  readonly span: Span;
}

export interface NumberLiteral extends Node {
  readonly type: 'number';
  readonly value: number;
  /** Written as a duration (`5m`), and printed as one. */
  readonly asDuration: boolean;
}

export interface StringLiteral extends Node {
  readonly type: 'string';
  readonly value: string;
}

export interface ParenExpr extends Node {
  readonly type: 'paren';
  readonly expr: Expr;
}

export interface UnaryExpr extends Node {
  readonly type: 'unary';
  readonly operator: '+' | '-';
  readonly expr: Expr;
}

/** How the samples of two vectors find each other. */
export interface VectorMatching {
  /** `many-to-many` for the set operators and for them alone. */
  readonly cardinality: 'one-to-one' | 'many-to-one' | 'one-to-many' | 'many-to-many';
  /** `on (…)`; otherwise `ignoring (…)`, which is also what the absence of both means. */
  readonly on: boolean;
  readonly labels: readonly string[];
  /** Labels of `group_left (…)` or `group_right (…)`, taken from the "one" side. */
  readonly include: readonly string[];
}

export interface BinaryExpr extends Node {
  readonly type: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expr;
  readonly right: Expr;
  readonly returnBool: boolean;
  /** Undefined unless both sides are vectors. */
  readonly matching: VectorMatching | undefined;
  /** A scalar when both sides are. */
  readonly returns: 'scalar' | 'vector';
}

export interface CallExpr extends Node {
  readonly type: 'call';
  /** A key of `FUNCTIONS`. */
  readonly name: string;
  readonly args: readonly Expr[];
}

export interface AggregateExpr extends Node {
  readonly type: 'aggregate';
  readonly operator: AggregateOperator;
  readonly expr: Expr;
  /** k of topk and bottomk, φ of quantile, the label of count_values. */
  readonly param: Expr | undefined;
  readonly grouping: readonly string[];
  readonly without: boolean;
}

export interface VectorSelector extends Node {
  readonly type: 'vector';
  /** The name outside the braces (or quoted alone inside them); '' when there is none. */
  readonly name: string;
  /** All conditions, the one on `__name__` that stands for `name` included, last. */
  readonly matchers: readonly Matcher[];
  readonly offset: DurationNode | undefined;
  readonly at: AtModifier | undefined;
  /** How samples around the range's or the instant's borders count; undefined for the plain rules. */
  readonly modifier: 'anchored' | 'smoothed' | undefined;
}

export interface MatrixSelector extends Node {
  readonly type: 'matrix';
  readonly selector: VectorSelector;
  readonly range: DurationNode;
}

export interface SubqueryExpr extends Node {
  readonly type: 'subquery';
  readonly expr: Expr;
  readonly range: DurationNode;
  readonly step: DurationNode | undefined;
  readonly offset: DurationNode | undefined;
  readonly at: AtModifier | undefined;
}

/** A PromQL expression that parses and whose types agree. */
export type Expr =
  | NumberLiteral
  | StringLiteral
  | ParenExpr
  | UnaryExpr
  | BinaryExpr
  | CallExpr
  | AggregateExpr
  | VectorSelector
  | MatrixSelector
  | SubqueryExpr;

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '>', '<', '>=', '<=']);
const SETS: ReadonlySet<string> = new Set(['and', 'or', 'unless']);

export const isComparison = (operator: BinaryOperator): operator is ComparisonOperator =>
  COMPARISONS.has(operator);
export const isSetOperator = (operator: BinaryOperator): operator is SetOperator => SETS.has(operator);
export const isTrimOperator = (operator: BinaryOperator): operator is TrimOperator =>
  operator === '</' || operator === '>/';
