import pc from 'picocolors';

type Colors = ReturnType<typeof pc.createColors>;

/** Readable on dark and on light ground; neighbours differ also for those who tell red and green apart badly. */
const ORDER = [
  'cyan',
  'yellow',
  'magenta',
  'green',
  'redBright',
  'blueBright',
  'white',
  'cyanBright',
  'yellowBright',
  'magentaBright',
  'greenBright',
  'red',
] as const satisfies ReadonlyArray<keyof Colors>;

/** What tells series apart where there are no colours. */
export const MARKS = [...'*o+x#@%&=~^:'];

/** Series beyond this would share a colour or a mark. */
export const MAX_SERIES = ORDER.length;

export interface Palette {
  /** Paints in the colour of the ink; as it is without colours. */
  paint(text: string, ink: number): string;
  dim(text: string): string;
}

export function createPalette(color: boolean): Palette {
  const colors = pc.createColors(color);
  return {
    paint: (text, ink) => (text.trim() === '' ? text : colors[ORDER[ink % ORDER.length]!](text)),
    dim: colors.dim,
  };
}
