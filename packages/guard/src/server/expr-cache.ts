import { UserError } from '../core/index.ts';
import { type Expr, parseErrorText, parseExpr } from '../promql/index.ts';
import { BadParameter } from './api-error.ts';

/** Parses expressions and keeps the trees of those that were asked for last: dashboards ask the same ones over and over. */
export interface ExprCache {
  /** @throws BadParameter, Prometheus's one-line message after `prefix` */
  parse(text: string, prefix: string): Expr;
}

const MAX_ENTRIES = 500;
/** A longer text is parsed each time, so that the cache stays below some megabytes. */
const MAX_LENGTH = 4_000;

export function createExprCache(): ExprCache {
  const known = new Map<string, Expr>();

  function remember(text: string, expr: Expr): void {
    known.set(text, expr);
    if (known.size > MAX_ENTRIES) known.delete(known.keys().next().value!);
  }

  return {
    parse(text, prefix) {
      const cached = known.get(text);
      if (cached) {
        known.delete(text);
        known.set(text, cached);
        return cached;
      }
      const expr = parsed(text, prefix);
      if (text.length <= MAX_LENGTH) remember(text, expr);
      return expr;
    },
  };
}

function parsed(text: string, prefix: string): Expr {
  try {
    return parseExpr(text);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new BadParameter(prefix + parseErrorText(error));
  }
}
