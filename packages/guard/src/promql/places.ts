import { offsetAt } from '../core/index.ts';

/** Line and column, from 1, and the offset from 0; columns and offsets in UTF-8 bytes, as Prometheus counts. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly byte: number;
}

/**
 * Answers the places of offsets that are asked in ascending order, in time linear in the text as a whole.
 */
export function createPlaces(text: string): (offset: number) => Place {
  const isAscii = /^\p{ASCII}*$/u.test(text);
  let line = 1;
  let lineStart = 0;
  let known = 0;
  let byte = 0;
  let nextBreak = text.indexOf('\n');
  const advance = (offset: number): void => {
    byte += isAscii ? offset - known : Buffer.byteLength(text.slice(known, offset));
    known = offset;
  };
  return offset => {
    while (nextBreak !== -1 && nextBreak < offset) {
      line++;
      advance(nextBreak + 1);
      lineStart = byte;
      nextBreak = text.indexOf('\n', known);
    }
    advance(offset);
    return { line, column: byte - lineStart + 1, byte };
  };
}

/** The line and column of one offset. */
export function placeOf(text: string, offset: number): Pick<Place, 'line' | 'column'> {
  const { line, column } = createPlaces(text)(offset);
  return { line, column };
}

/** The offset, in UTF-16 units, of a place within `text`. */
export function offsetOfPlace(text: string, { line, column }: Pick<Place, 'line' | 'column'>): number {
  const start = offsetAt(text, { line, column: 1 });
  const bytes = Buffer.from(text.slice(start));
  return start + bytes.subarray(0, column - 1).toString().length;
}
