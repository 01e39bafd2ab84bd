import type { Path, YamlSource } from '../config/index.ts';
import { type Position, type Problem, UserError } from '../core/index.ts';

/**
 * The problems that `read` finds in the text at `path`, moved from their place within that text to the file's. In
 * folded and in quoted texts of several lines, columns cannot be told; the problem then stands at the text's start.
 */
export function problemsWithin(source: YamlSource, path: Path, read: () => unknown): Problem[] {
  try {
    read();
    return [];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.problems.map(problem => {
      const { position } = problem;
      const { excerpt, ...rest } = problem;
      const placed = source.problemAt(path, rest);
      if (!position) return placed;
      return { ...placed, position: moved(source, placed.position!, position), ...(excerpt && { excerpt }) };
    });
  }
}

/** Where `inner`, a place within the text that begins at `start`, stands in the file. */
function moved(source: YamlSource, start: Position, inner: Position): Position {
  const lines = source.text.split('\n');
  const head = (lines[start.line - 1] ?? '').slice(start.column - 1);
  if (head.startsWith('|')) {
    const indent = /^ */.exec(lines[start.line] ?? '')![0].length;
    return { ...start, line: start.line + inner.line, column: indent + inner.column };
  }
  if (head.startsWith('>') || inner.line > 1) return start;
  const quote = /^["']/.test(head) ? 1 : 0;
  return { ...start, column: start.column + quote + inner.column - 1 };
}
