import { formatDuration, parseDuration, UserError } from '../core/index.ts';
import { type Expr, offsetOfPlace, parseExpr, typeOf } from '../promql/index.ts';
import type { CounterSelector, WindowedQuery } from './model.ts';

/**
 * How tools write "the window" in an expression: Sloth's and the OpenSLO examples' `{{.window}}`, Grafana's variables,
 * `[window]` of Google's slo-generator, and `$window`.
 */
const PLACEHOLDER =
  /\{\{-?\s*\.window\s*-?\}\}|\$\{?(?:__rate_interval|__interval|__range|window)\b\}?|(?<=\[)window(?=[\]:])/g;

/** Stands in for the window when an expression is checked: no placeholder is shorter. */
const SAMPLE = '5m';

export type Query =
  /** A selector, alone or under `sum()`: rates and sums are the generator's to add. */
  | { readonly kind: 'selector'; readonly selector: CounterSelector }
  /** An expression with placeholders. */
  | { readonly kind: 'windowed'; readonly query: WindowedQuery }
  /** An expression of its own window, or of none. */
  | { readonly kind: 'instant'; readonly text: string };

/** What is wrong with a query, and where in its text. */
export interface QueryFault {
  readonly code: string;
  readonly message: string;
  readonly offset: number;
  readonly remedy?: string;
}

export type ReadQuery = { readonly ok: Query } | { readonly fault: QueryFault };

/** Sorts out what a text is that stands where PromQL is expected. */
export function readQuery(text: string): ReadQuery {
  const sample = text.replace(PLACEHOLDER, found => SAMPLE.padEnd(found.length));
  const template = sample.indexOf('{{');
  if (template !== -1)
    return {
      fault: {
        code: 'bad-template',
        message: 'only {{.window}} may stand in braces',
        offset: template,
        remedy: 'write the expression out',
      },
    };
  const parsed = parse(sample);
  if ('fault' in parsed) return parsed;
  const { expr } = parsed;
  const type = typeOf(expr);
  if (type !== 'vector')
    return {
      fault: {
        code: 'bad-promql',
        message: `the expression gives a ${type}, and must give an instant vector`,
        offset: expr.span.start,
      },
    };
  if (sample !== text) return { ok: { kind: 'windowed', query: windowed(text) } };
  const selector = selectorIn(expr);
  return {
    ok: selector
      ? { kind: 'selector', selector: text.slice(selector.span.start, selector.span.end) }
      : { kind: 'instant', text: text.slice(expr.span.start, expr.span.end) },
  };
}

const windowed = (text: string): WindowedQuery => ({
  text: text.trim(),
  over: window => text.trim().replace(PLACEHOLDER, formatDuration(window)),
});

function parse(text: string): { expr: Expr } | { fault: QueryFault } {
  try {
    return { expr: parseExpr(text) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const [{ code, message, position }] = error.problems as [(typeof error.problems)[number]];
    return { fault: { code, message, offset: position ? offsetOfPlace(text, position) : 0 } };
  }
}

/** The selector that is the whole expression, or all that a `sum` without grouping sums. */
function selectorIn(expr: Expr): Extract<Expr, { type: 'vector' }> | undefined {
  if (expr.type === 'paren') return selectorIn(expr.expr);
  if (expr.type === 'aggregate' && expr.operator === 'sum' && expr.grouping.length === 0 && !expr.without)
    return expr.expr.type === 'vector' ? plain(expr.expr) : undefined;
  return expr.type === 'vector' ? plain(expr) : undefined;
}

const plain = (selector: Extract<Expr, { type: 'vector' }>) =>
  selector.offset || selector.at ? undefined : selector;

/** The expression as an operand of a subquery or comparison. */
export const asOperand = (text: string): string => {
  const { type } = parseExpr(text);
  return type === 'binary' || type === 'unary' ? `(${text})` : text;
};

/** Where an expression must say which window, and only some ranges in it are placeholders' to fill. */
export const JUDGED_OVER = parseDuration(SAMPLE)!;
