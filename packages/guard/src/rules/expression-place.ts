import type { Path, YamlSource } from '../config/index.ts';
import { type Position, type Problem, UserError } from '../core/index.ts';

/** A text that stands in a file. */
export interface PlacedText {
  readonly source: YamlSource;
  readonly path: Path;
  readonly text: string;
  /** The offset of a place in the text, as its reader tells places. */
  readonly offsetOf: (text: string, position: Position) => number;
}

/** The problems that `read` finds in a text, moved from their places within it to the file's. */
export function problemsWithin({ source, path, text, offsetOf }: PlacedText, read: () => unknown): Problem[] {
  try {
    read();
    return [];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.problems.map(({ position, excerpt: _within, ...problem }) =>
      position
        ? source.problemInText(path, offsetOf(text, position), problem)
        : source.problemAt(path, problem),
    );
  }
}
