import { caretExcerpt, type Position } from '../../core/index.ts';

/** Finds places in the texts of files; what it looks up often it keeps. */
export interface Places {
  /**
   * Where `text` stands in the document of `position`, from there on or else anywhere in it; `position` itself where it
   * does not stand there as it is.
   */
  find(position: Position, text: string | undefined): { position: Position; excerpt?: string };
}

export function createPlaces(texts: ReadonlyMap<string, string>): Places {
  const lineStarts = new Map<string, number[]>();

  function startsOf(file: string, text: string): number[] {
    const known = lineStarts.get(file);
    if (known) return known;
    const starts = [0];
    for (let i = text.indexOf('\n'); i !== -1; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
    lineStarts.set(file, starts);
    return starts;
  }

  return {
    find(position, wanted) {
      const { file = '', line, column } = position;
      const text = texts.get(file);
      if (text === undefined) return { position };
      const starts = startsOf(file, text);
      const offset = (starts[line - 1] ?? 0) + column - 1;
      const found = wanted === undefined ? -1 : offsetIn(text, offset, wanted.trim().split('\n', 1)[0]!);
      if (found === -1) return { position, excerpt: caretExcerpt(text, offset) };
      const at = starts.findLastIndex(start => start <= found);
      return {
        position: { file, line: at + 1, column: found - starts[at]! + 1 },
        excerpt: caretExcerpt(text, found),
      };
    },
  };
}

const BREAK = '\n---';

function offsetIn(text: string, from: number, wanted: string): number {
  if (wanted === '') return -1;
  const end = text.indexOf(BREAK, from);
  const after = text.indexOf(wanted, from);
  if (after !== -1 && (end === -1 || after < end)) return after;
  const before = text.indexOf(wanted, text.lastIndexOf(BREAK, from) + 1);
  return before < from ? before : -1;
}
