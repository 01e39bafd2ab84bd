import { goQuote } from '../../core/index.ts';
import type { CallExpr, Expr } from '../ast.ts';
import { EXPERIMENTAL_FUNCTIONS, FUNCTIONS } from '../functions.ts';
import { type Cursor, spanOf } from './cursor.ts';
import { parseExpression } from './parse-expression.ts';
import { beginsOperand } from './parse-operand.ts';
import type { Token } from './token.ts';

/** Parses the call whose name has been read. */
export function parseCall(cursor: Cursor, name: Token): CallExpr {
  const { args, close } = parseArguments(cursor);
  if (EXPERIMENTAL_FUNCTIONS.has(name.text))
    cursor.fail(
      name,
      `function ${goQuote(name.text)} is not enabled`,
      'it is experimental: use stable functions, which every Prometheus runs without a feature flag',
    );
  if (!FUNCTIONS.has(name.text)) cursor.fail(name, `unknown function with name ${goQuote(name.text)}`);
  return { type: 'call', name: name.text, args, span: spanOf(name, close) };
}

/** Parses `(…, …)`. */
export function parseArguments(cursor: Cursor): { readonly args: Expr[]; readonly close: Token } {
  cursor.expect('(');
  const args: Expr[] = [];
  if (!cursor.at(')')) cursor.nested(() => parseList(cursor, args));
  return { args, close: cursor.expect(')') };
}

function parseList(cursor: Cursor, args: Expr[]): void {
  args.push(parseExpression(cursor));
  for (let comma = cursor.accept(','); comma; comma = cursor.accept(',')) {
    if (!beginsOperand(cursor.peek()))
      cursor.fail(comma, 'trailing commas not allowed in function call args');
    args.push(parseExpression(cursor));
  }
}
