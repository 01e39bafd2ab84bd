/** Line and column, from 1; the column in UTF-8 bytes, as Prometheus counts. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/**
 * Answers the places of offsets that are asked in ascending order, in time linear in the text as a whole.
 */
export function createPlaces(text: string): (offset: number) => Place {
  const isAscii = /^\p{ASCII}*$/u.test(text);
  let line = 1;
  let known = 0;
  let column = 1;
  let nextBreak = text.indexOf('\n');
  return offset => {
    while (nextBreak !== -1 && nextBreak < offset) {
      line++;
      known = nextBreak + 1;
      column = 1;
      nextBreak = text.indexOf('\n', known);
    }
    column += isAscii ? offset - known : Buffer.byteLength(text.slice(known, offset));
    known = offset;
    return { line, column };
  };
}

/** The place of one offset. */
export const placeOf = (text: string, offset: number): Place => createPlaces(text)(offset);
