import { formatFloatShort } from '../core/index.ts';

/** Go's `%.<precision>g`. */
export function formatGeneral(value: number, precision: number): string {
  if (!Number.isFinite(value) || value === 0) return formatFloatShort(value);
  const digits = Math.max(1, precision);
  const [mantissa, exponent] = roundedExponential(value, digits - 1).split('e') as [string, string];
  const power = Number(exponent);
  if (power >= -4 && power < digits) return trimZeros(fixed(value, Math.max(0, digits - 1 - power)));
  return `${trimZeros(mantissa)}${goExponent(power)}`;
}

/** `%f`. */
export const formatFixed = (value: number, digits: number): string =>
  Number.isFinite(value) ? fixed(value, digits) : formatFloatShort(value);

/** `%e`. */
export function formatExponential(value: number, digits: number): string {
  if (!Number.isFinite(value)) return formatFloatShort(value);
  const [mantissa, exponent] = roundedExponential(value, digits).split('e') as [string, string];
  return (Object.is(value, -0) ? '-' : '') + mantissa + goExponent(Number(exponent));
}

/** `%x` of a float: `0x1.8p+01`. */
export function formatHexadecimal(value: number): string {
  if (!Number.isFinite(value)) return formatFloatShort(value);
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  if (value === 0) return `${sign}0x0p+00`;
  let power = Math.floor(Math.log2(Math.abs(value)));
  let mantissa = Math.abs(value) / 2 ** power;
  while (mantissa >= 2) [mantissa, power] = [mantissa / 2, power + 1];
  while (mantissa < 1) [mantissa, power] = [mantissa * 2, power - 1];
  const digits = mantissa.toString(16);
  return `${sign}0x${digits}p${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

/** `%b`: the mantissa as a whole number and the power of two, `4503599627370496p-52`. */
export function formatBinary(value: number): string {
  if (!Number.isFinite(value)) return formatFloatShort(value);
  const bits = new DataView(new Float64Array([value]).buffer).getBigUint64(0, true);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & (2n ** 52n - 1n);
  const mantissa = exponent === 0 ? fraction : fraction | (2n ** 52n);
  const power = Math.max(exponent, 1) - 1075;
  return `${bits >> 63n === 1n ? '-' : ''}${mantissa}p${power < 0 ? '-' : '+'}${Math.abs(power)}`;
}

const trimZeros = (text: string) => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);
const goExponent = (power: number) => `e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;

/** toFixed gives an exponent from 1e21 on. */
function fixed(value: number, digits: number): string {
  const sign = Object.is(value, -0) ? '-' : '';
  if (Math.abs(value) >= 1e21) return BigInt(value).toString() + (digits > 0 ? `.${'0'.repeat(digits)}` : '');
  const exact = value.toFixed(Math.min(100, digits + EXACT_DIGITS));
  const cut = exact.slice(0, exact.indexOf('.') + (digits === 0 ? 0 : digits + 1));
  return sign + (isTieToEven(exact, cut) ? cut : value.toFixed(digits));
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
