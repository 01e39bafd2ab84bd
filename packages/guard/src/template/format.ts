import { formatFloatShort } from '../core/index.ts';

/** A value that prints itself, as Go types with a String method do. */
export interface GoStringer {
  goString(): string;
}

const isStringer = (value: object): value is GoStringer => 'goString' in value;

/** Go's `%v`. Integers are bigint, floats number, maps Map, lists arrays, structs plain objects. */
export function formatValue(value: unknown, nested = false): string {
  if (value === null || value === undefined) return nested ? '<nil>' : '<no value>';
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      return formatFloatShort(value);
    case 'object':
      return formatObject(value);
    default:
      return String(value);
  }
}

function formatObject(value: object): string {
  if (isStringer(value)) return value.goString();
  const inner = (item: unknown) => formatValue(item, true);
  if (Array.isArray(value)) return `[${value.map(inner).join(' ')}]`;
  if (value instanceof Map) {
    return `map[${sortedEntries(value)
      .map(([key, item]) => `${inner(key)}:${inner(item)}`)
      .join(' ')}]`;
  }
  return `{${Object.values(value)
    .filter(item => typeof item !== 'function')
    .map(inner)
    .join(' ')}}`;
}

/** In the order in which Go ranges over and prints a map. */
export function sortedEntries(map: ReadonlyMap<unknown, unknown>): [unknown, unknown][] {
  return [...map].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
}

/** Go's `%.<precision>g`. */
export function formatGeneral(value: number, precision: number): string {
  if (!Number.isFinite(value) || value === 0) return formatFloatShort(value);
  const digits = Math.max(1, precision);
  const [mantissa, exponent] = roundedExponential(value, digits - 1).split('e') as [string, string];
  const power = Number(exponent);
  if (power >= -4 && power < digits) return trimZeros(fixed(value, Math.max(0, digits - 1 - power)));
  return `${trimZeros(mantissa)}${goExponent(power)}`;
}

const trimZeros = (text: string) => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);
const goExponent = (power: number) => `e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;

/** What widths and precisions may be at most: the output is bounded, and so is each piece of it. */
const MAX_WIDTH = 1000;
const VERB = /%([-+# 0]*)(\d+)?(?:\.(\d*))?(.)/gsu;

/** Go's fmt.Sprintf for the verbs `v s q d x X o b c f F e E g G t %`. Mistakes print as Go prints them. */
export function sprintf(format: string, values: readonly unknown[]): string {
  let used = 0;
  const text = format.replace(
    VERB,
    (_, flags: string, width = '0', precision: string | undefined, verb: string) => {
      if (verb === '%') return '%';
      if (used >= values.length) return `%!${verb}(MISSING)`;
      const value = values[used++];
      const digits = precision === undefined ? undefined : Math.min(Number(precision), 100);
      const shown =
        formatVerb(verb, value, digits, flags) ?? `%!${verb}(${typeName(value)}=${formatValue(value, true)})`;
      return pad(shown, Math.min(Number(width), MAX_WIDTH), flags, typeof value);
    },
  );
  const extra = values.slice(used).map(value => `${typeName(value)}=${formatValue(value, true)}`);
  return extra.length === 0 ? text : `${text}%!(EXTRA ${extra.join(', ')})`;
}

function pad(text: string, width: number, flags: string, type: string): string {
  if (flags.includes('-')) return text.padEnd(width);
  const isNumber = type === 'number' || type === 'bigint';
  if (!flags.includes('0') || !isNumber) return text.padStart(width);
  const sign = /^[+-]/.exec(text)?.[0] ?? '';
  return sign + text.slice(sign.length).padStart(width - sign.length, '0');
}

function typeName(value: unknown): string {
  const names = { string: 'string', number: 'float64', bigint: 'int', boolean: 'bool' } as const;
  return names[typeof value as keyof typeof names] ?? (value == null ? '<nil>' : 'object');
}

function formatVerb(
  verb: string,
  value: unknown,
  precision: number | undefined,
  flags: string,
): string | undefined {
  const signed = (text: string) => (flags.includes('+') && !text.startsWith('-') ? `+${text}` : text);
  if (verb === 'v')
    return typeof value === 'number' && flags.includes('+')
      ? signed(formatValue(value, true))
      : formatValue(value, true);
  switch (typeof value) {
    case 'number':
      return mapIfPresent(formatFloatVerb(verb, value, precision), signed);
    case 'bigint':
      return mapIfPresent(formatIntegerVerb(verb, value), signed);
    case 'boolean':
      return verb === 't' ? String(value) : undefined;
    default:
      return formatTextVerb(verb, value, precision);
  }
}

const mapIfPresent = (text: string | undefined, change: (text: string) => string) =>
  text === undefined ? undefined : change(text);

function formatFloatVerb(verb: string, value: number, precision: number | undefined): string | undefined {
  const lower = verb.toLowerCase();
  if (!'efg'.includes(lower)) return undefined;
  if (!Number.isFinite(value)) return formatFloatShort(value);
  switch (verb) {
    case 'f':
    case 'F':
      return fixed(value, precision ?? 6);
    case 'e':
    case 'E': {
      const [mantissa, exponent] = roundedExponential(value, precision ?? 6).split('e') as [string, string];
      const text = mantissa + goExponent(Number(exponent));
      return verb === 'E' ? text.toUpperCase() : text;
    }
    default: {
      const text = precision === undefined ? formatFloatShort(value) : formatGeneral(value, precision);
      return verb === 'G' ? text.toUpperCase() : text;
    }
  }
}

/** toFixed gives an exponent from 1e21 on. */
function fixed(value: number, digits: number): string {
  if (Math.abs(value) >= 1e21) return BigInt(value).toString() + (digits > 0 ? `.${'0'.repeat(digits)}` : '');
  const exact = value.toFixed(Math.min(100, digits + EXACT_DIGITS));
  const cut = exact.slice(0, exact.indexOf('.') + (digits === 0 ? 0 : digits + 1));
  return isTieToEven(exact, cut) ? cut : value.toFixed(digits);
}

function roundedExponential(value: number, digits: number): string {
  const [exact, power] = value.toExponential(Math.min(100, digits + EXACT_DIGITS)).split('e') as [
    string,
    string,
  ];
  const cut = exact.slice(0, exact.indexOf('.') + (digits === 0 ? 0 : digits + 1));
  return isTieToEven(exact, cut) ? `${cut}e${power}` : value.toExponential(digits);
}

/** Digits behind a rounding place that tell a true half from a number beside it. */
const EXACT_DIGITS = 25;

/** Whether what is cut off is exactly a half behind an even digit: Go then rounds down, JavaScript up. */
function isTieToEven(exact: string, cut: string): boolean {
  return /^\.?50*$/.test(exact.slice(cut.length)) && /[02468]\.?$/.test(cut);
}

const RADIX: Readonly<Record<string, number>> = { d: 10, x: 16, X: 16, o: 8, b: 2 };

function formatIntegerVerb(verb: string, value: bigint): string | undefined {
  if (verb === 'c') return value >= 0n && value <= 0x10ffffn ? String.fromCodePoint(Number(value)) : '\ufffd';
  const radix = RADIX[verb];
  if (radix === undefined) return undefined;
  const text = value.toString(radix);
  return verb === 'X' ? text.toUpperCase() : text;
}

function formatTextVerb(verb: string, value: unknown, precision: number | undefined): string | undefined {
  const text = formatValue(value, true);
  const cut = precision === undefined ? text : [...text].slice(0, precision).join('');
  if (verb === 's') return cut;
  if (typeof value !== 'string') return undefined;
  if (verb === 'q') return JSON.stringify(cut);
  return verb === 'x' || verb === 'X' ? Buffer.from(cut).toString('hex') : undefined;
}
