import type { Expr } from './ast.ts';
import { printExpr } from './print.ts';
import { childrenOf, leftSpine } from './walk.ts';

/** What is longer, in UTF-8 bytes, is split over several lines. */
const MAX_LINE = 100;

/** The printed texts of expressions that fit on a line. */
export interface ShortTexts {
  /** Undefined when the text is too long. */
  of(expr: Expr): string | undefined;
}

/**
 * Remembers each answer, and prints nothing that holds something too long: asking for every part of an expression
 * costs no more than printing it a few times.
 */
export function createShortTexts(): ShortTexts {
  const known = new Map<Expr, string | undefined>();

  function add(expr: Expr): string | undefined {
    const parts = expr.type === 'matrix' ? [] : childrenOf(expr);
    const isLong = parts.some(part => texts.of(part) === undefined);
    const text = isLong ? undefined : printExpr(expr);
    const short = text !== undefined && Buffer.byteLength(text) <= MAX_LINE ? text : undefined;
    known.set(expr, short);
    return short;
  }

  const texts: ShortTexts = {
    of(expr) {
      if (known.has(expr)) return known.get(expr);
      // From the inside out, so that a long chain needs no deep stack.
      if (expr.type === 'binary') leftSpine(expr).rest.forEach(add);
      return known.has(expr) ? known.get(expr) : add(expr);
    },
  };
  return texts;
}
