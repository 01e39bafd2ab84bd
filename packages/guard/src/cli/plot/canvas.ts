/** A raster of dots in terminal cells. Dots count from the left and from the bottom, at 0. */
export interface Canvas {
  readonly dotsAcross: number;
  readonly dotsUp: number;
  /** Sets a dot in the colour of the ink. Dots outside are not drawn. */
  dot(x: number, y: number, ink: number): void;
  /** Sets the dots of a straight line, both ends included. */
  line(x0: number, y0: number, x1: number, y1: number, ink: number): void;
  /** The cells' rows from the top; `paint` gives a run of characters its ink's colour. */
  rows(paint: (text: string, ink: number) => string): string[];
}

/** How dots become characters. */
interface CellStyle {
  readonly dotsAcross: number;
  readonly dotsUp: number;
  /** @param bits the dots set, from the left, then from the bottom */
  character(bits: number, ink: number): string;
}

/** Bits of Unicode's braille patterns (U+2800) for the dots of a cell: left column from the bottom, then right. */
const BRAILLE_BITS = [0x40, 0x04, 0x02, 0x01, 0x80, 0x20, 0x10, 0x08];
const BRAILLE: CellStyle = {
  dotsAcross: 2,
  dotsUp: 4,
  character: bits =>
    String.fromCharCode(BRAILLE_BITS.reduce((code, bit, i) => (bits & (1 << i) ? code | bit : code), 0x2800)),
};

/** @param marks one character for each ink, where inks cannot be told apart by colour; without them braille dots */
export function createCanvas(width: number, height: number, marks?: readonly string[]): Canvas {
  const style: CellStyle = marks
    ? { dotsAcross: 1, dotsUp: 1, character: (_bits, ink) => marks[ink % marks.length]! }
    : BRAILLE;
  const dotsAcross = width * style.dotsAcross;
  const dotsUp = height * style.dotsUp;
  const bits = new Uint8Array(width * height);
  const inks = new Int32Array(width * height);

  function dot(x: number, y: number, ink: number): void {
    if (x < 0 || y < 0 || x >= dotsAcross || y >= dotsUp) return;
    const row = height - 1 - Math.floor(y / style.dotsUp);
    const cell = row * width + Math.floor(x / style.dotsAcross);
    bits[cell]! |= 1 << ((x % style.dotsAcross) * style.dotsUp + (y % style.dotsUp));
    inks[cell] = ink;
  }

  function line(x0: number, y0: number, x1: number, y1: number, ink: number): void {
    const length = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0));
    for (let i = 0; i <= length; i++) {
      const share = length === 0 ? 0 : i / length;
      dot(Math.round(x0 + (x1 - x0) * share), Math.round(y0 + (y1 - y0) * share), ink);
    }
  }

  function row(index: number, paint: (text: string, ink: number) => string): string {
    let painted = '';
    let run = '';
    for (let cell = index * width; cell < (index + 1) * width; cell++) {
      if (run !== '' && inks[cell] !== inks[cell - 1]) {
        painted += paint(run, inks[cell - 1]!);
        run = '';
      }
      run += bits[cell] === 0 ? ' ' : style.character(bits[cell]!, inks[cell]!);
    }
    return painted + paint(run, inks[(index + 1) * width - 1]!);
  }

  return {
    dotsAcross,
    dotsUp,
    dot,
    line,
    rows: paint => Array.from({ length: height }, (_, index) => row(index, paint)),
  };
}
