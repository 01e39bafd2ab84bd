const DECIMAL = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const INFINITY = /^[-+]?\.(?:inf|Inf|INF)$/;
const NOT_A_NUMBER = /^\.(?:nan|NaN|NAN)$/;
const BASES: ReadonlyArray<readonly [prefix: RegExp, base: number]> = [
  [/^0[xX](?=[\da-fA-F]+$)/, 16],
  [/^0[bB](?=[01]+$)/, 2],
  [/^0[oO]?(?=[0-7]+$)/, 8],
];

/**
 * A number as Go's YAML reader takes a scalar without quotes for one: in several bases, with underscores, infinities and
 * NaN. Undefined when it takes it for something else.
 */
export function readYamlNumber(text: string): number | undefined {
  if (INFINITY.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (NOT_A_NUMBER.test(text)) return Number.NaN;
  const plain = text.replaceAll('_', '');
  const size = plain.replace(/^[-+]/, '');
  const based = BASES.find(([prefix]) => prefix.test(size));
  if (based) {
    const value = Number.parseInt(size.replace(based[0], ''), based[1]);
    return plain.startsWith('-') ? -value : value;
  }
  return DECIMAL.test(plain) ? Number(plain) : undefined;
}
