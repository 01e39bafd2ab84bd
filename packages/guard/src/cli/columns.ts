import stringWidth from 'string-width';

export type Alignment = 'left' | 'right';

const GAP = '  ';

/** Rows of equally many texts as lines, each column as wide as its widest text; no blanks at the ends of lines. */
export function alignColumns(
  rows: ReadonlyArray<readonly string[]>,
  alignments: readonly Alignment[],
): string[] {
  const widths = alignments.map((_, column) =>
    rows.reduce((widest, row) => Math.max(widest, stringWidth(row[column]!)), 0),
  );
  return rows.map(row =>
    row
      .map((text, column) => {
        const blanks = ' '.repeat(widths[column]! - stringWidth(text));
        return alignments[column] === 'right' ? blanks + text : text + blanks;
      })
      .join(GAP)
      .trimEnd(),
  );
}

/** A label's value or a name on a terminal: what would move the cursor or end the line is written as an escape. */
export const printable = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, character => {
    if (character === '\n') return '\\n';
    if (character === '\t') return '\\t';
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
