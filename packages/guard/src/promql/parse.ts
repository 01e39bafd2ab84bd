import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import type { UserError } from '../core/index.ts';
import type { Expr } from './ast.ts';
import { buildExpr } from './build-expr.ts';
import { checkTypes } from './check.ts';
import { parseError, unsupportedFunction } from './errors.ts';
import { EXPERIMENTAL_FUNCTIONS } from './functions.ts';

/** Longer expressions are refused: every tool that shows a query would choke on them. */
const MAX_LENGTH = 1_000_000;

/**
 * Parses a PromQL expression and checks its types.
 *
 * @throws UserError `bad-promql` with line, column and excerpt; `unsupported-promql` for what Prometheus accepts
 * and this engine does not.
 */
export function parseExpr(text: string): Expr {
  if (text.length > MAX_LENGTH)
    throw parseError('', 0, `the expression has ${text.length} characters; the limit is ${MAX_LENGTH}`);
  const top = parser.parse(withoutTrailingPoints(text)).topNode;
  const broken = firstError(top);
  if (broken) throw syntaxError(text, broken);
  const root = top.getChild('Expr');
  if (!root) throw parseError(text, 0, 'no expression found in input');
  const expr = buildExpr(text, root);
  checkTypes(text, expr);
  return expr;
}

/** The grammar does not know numbers such as `2.`; a blank of the same length says the same. */
function withoutTrailingPoints(text: string): string {
  const parts = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|#[^\n]*|(?<![\w.:])(\d+)\.(?![\w.])/gs;
  return text.replace(parts, (part, digits) => (digits === undefined ? part : `${digits} `));
}

function firstError(top: SyntaxNode): SyntaxNode | undefined {
  const cursor = top.cursor();
  do {
    if (cursor.type.isError) return cursor.node;
  } while (cursor.next());
  return undefined;
}

function syntaxError(text: string, node: SyntaxNode): UserError {
  const rest = text.slice(node.from);
  if (/^\s*(?:#[^\n]*\s*)*$/.test(text)) return parseError(text, 0, 'no expression found in input');
  const called = calledName(text, node.from);
  if (called && EXPERIMENTAL_FUNCTIONS.has(called.name))
    throw unsupportedFunction(text, called.offset, called.name);
  if (called)
    return parseError(text, called.offset, `unknown function with name ${JSON.stringify(called.name)}`);
  if (/^\s*$/.test(rest)) return parseError(text, text.length, 'unexpected end of input');
  const at = node.from + (rest.length - rest.trimStart().length);
  const token = /^(?:[A-Za-z_:][\w:]*|\d[\w.]*|.)/s.exec(text.slice(at))![0];
  return parseError(text, at, `unexpected ${JSON.stringify(token)}`);
}

/** The identifier before an opening parenthesis at `offset`: a call of something that is no function. */
function calledName(text: string, offset: number): { name: string; offset: number } | undefined {
  if (!/^\s*\(/.test(text.slice(offset))) return undefined;
  const match = /([A-Za-z_:][\w:]*)\s*$/.exec(text.slice(0, offset));
  return match ? { name: match[1]!, offset: match.index } : undefined;
}
