/** The 1-based line and column of an offset in UTF-16 units. */
export function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const lastBreak = before.lastIndexOf('\n');
  return { line: before.split('\n').length, column: offset - lastBreak };
}

/** The offset of a place that `lineAndColumn` tells. */
export function offsetAt(text: string, { line, column }: { line: number; column: number }): number {
  return text.split('\n', line - 1).reduce((sum, before) => sum + before.length + 1, 0) + column - 1;
}

const WIDTH = 100;

/** The line that holds `offset`, with a caret below its column; long lines are cut around it. */
export function caretExcerpt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', Math.max(0, offset - 1)) + 1;
  const end = text.indexOf('\n', start);
  const line = text.slice(start, end === -1 ? undefined : end).replaceAll('\t', ' ');
  const column = Math.min(Math.max(0, offset - start), line.length);
  const from = line.length <= WIDTH ? 0 : Math.max(0, column - WIDTH / 2);
  return `  ${line.slice(from, from + WIDTH)}\n  ${' '.repeat(column - from)}^`;
}
