import { caretExcerpt, UserError } from '../../core/index.ts';
import { parseExpr } from '../../promql/index.ts';

/** Where Prometheus says that an expression is wrong (promql/parser.ParseErr): line and column from 1, in bytes. */
const PLACE = /\b(\d+):(\d+): parse error: /;

/**
 * The server's refusal of an expression, with the place pointed at. The server's word holds; where it names no place,
 * the parser of this program may know one.
 */
export function withExcerpt(error: UserError, expr: string): UserError {
  if (error.code !== 'prometheus-bad-data') return error;
  const [problem] = error.problems;
  const excerpt = excerptOf(problem!.message, expr);
  return excerpt === undefined ? error : new UserError('bad-query', problem!.message, { excerpt });
}

function excerptOf(message: string, expr: string): string | undefined {
  const place = PLACE.exec(message);
  if (place) return caretExcerpt(expr, offsetOf(expr, Number(place[1]), Number(place[2])));
  try {
    parseExpr(expr);
    return undefined;
  } catch (error) {
    return error instanceof UserError ? error.problems[0]!.excerpt : undefined;
  }
}

/** The offset in UTF-16 units. */
function offsetOf(text: string, line: number, column: number): number {
  const lines = text.split('\n');
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const bytes = Buffer.from(lines[line - 1] ?? '');
  return before + bytes.subarray(0, column - 1).toString().length;
}
