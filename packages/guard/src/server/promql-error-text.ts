import type { UserError } from '../core/index.ts';

/**
 * What is wrong with an expression, as Prometheus words it in one line: `1:5: parse error: …`. The excerpt with the
 * caret is left out, as clients that show one draw it themselves.
 */
export function promqlErrorText(error: UserError, text: string): string {
  const { message, position, remedy } = error.problems[0]!;
  const place = position && text !== '' ? `${position.line}:${position.column}` : 'unknown position';
  return `${place}: parse error: ${message}${remedy === undefined ? '' : ` (${remedy})`}`;
}
