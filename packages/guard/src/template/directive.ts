/** One `%…` of a format, read. */
export interface Directive {
  readonly verb: string;
  readonly plus: boolean;
  readonly minus: boolean;
  readonly sharp: boolean;
  readonly space: boolean;
  readonly zero: boolean;
  /** `%+v`: structs with the names of their fields. */
  readonly plusV: boolean;
  /** `%#v`: as Go writes values. */
  readonly sharpV: boolean;
  /** Undefined: none. */
  readonly width: number | undefined;
  readonly precision: number | undefined;
}

export const PLAIN: Directive = {
  verb: 'v',
  plus: false,
  minus: false,
  sharp: false,
  space: false,
  zero: false,
  plusV: false,
  sharpV: false,
  width: undefined,
  precision: undefined,
};

/** Widths and precisions count up to these: what templates give is bounded, and so is each piece of it. */
export const MAX_WIDTH = 1000;
export const MAX_PRECISION = 100;

/** Brings a text to the directive's width, counted in characters (fmt/format.go `pad`). */
export function pad(text: string, { width = 0, minus, zero }: Directive): string {
  const missing = width - [...text].length;
  if (missing <= 0) return text;
  if (minus) return text + ' '.repeat(missing);
  return (zero ? '0' : ' ').repeat(missing) + text;
}

/** As `pad`, with blanks alone. */
export const padWithBlanks = (text: string, directive: Directive): string =>
  pad(text, { ...directive, zero: false });
