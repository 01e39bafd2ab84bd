import { z } from 'zod';
import { formatFloatShort, type Milliseconds, parseDuration } from '../core/index.ts';

/** A Prometheus duration such as `5m`, read into milliseconds. */
export const durationField = z.string().transform((text, context): Milliseconds => {
  const duration = parseDuration(text);
  if (duration === undefined) {
    context.issues.push({
      code: 'custom',
      message: `${JSON.stringify(text)} is not a duration such as 30s, 5m or 1h30m`,
      input: text,
    });
    return z.NEVER;
  }
  return duration;
});

/** An integer in decimal, `_` between its digits allowed. */
const INTEGER = /^[-+]?\d[\d_]*$/;

/** An integer, also where scalars are read as texts. */
export const integerField = z.preprocess(
  value => (typeof value === 'string' && INTEGER.test(value) ? Number(value.replaceAll('_', '')) : value),
  z.int(),
);

/** A text; numbers and truth values are taken as they are written. */
export const textField = z.preprocess(
  value => (typeof value === 'number' || typeof value === 'boolean' ? String(value) : value),
  z.string(),
);

/** The words that YAML 1.1, and with it Go's YAML library, takes for truth values. */
const TRUTH: ReadonlyMap<unknown, boolean> = new Map(
  [
    { words: ['y', 'yes', 'on', 'true'], value: true },
    { words: ['n', 'no', 'off', 'false'], value: false },
  ].flatMap(({ words, value }) =>
    words
      .flatMap(word => [word, word.toUpperCase(), `${word[0]!.toUpperCase()}${word.slice(1)}`])
      .map((word): [string, boolean] => [word, value]),
  ),
);

/** A truth value, in any of YAML 1.1's spellings. */
export const booleanField = z.preprocess(value => TRUTH.get(value) ?? value, z.boolean());

/** A label's name in the classic character set. */
export const labelNameField = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'not a label name');

/** Label or annotation values; numbers and booleans are read as the text that YAML shows, as Go's reader does. */
export const stringMapField = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean()]).transform(String),
);

/** A number of `YamlSource.goValue`. */
export const goNumberField = z.preprocess(
  value => (typeof value === 'bigint' ? Number(value) : value),
  z.number(),
);

/**
 * A text of `YamlSource.goValue`: numbers and truth values become the text that Go's library makes of what it resolved
 * (sigs.k8s.io/yaml, `convertToJSONableObject`), so `010` is "8", `1.50` is "1.5", and floats have single precision.
 */
export const goTextField = z.preprocess(value => {
  if (typeof value === 'number') return formatFloatShort(toSinglePrecision(value));
  return typeof value === 'bigint' || typeof value === 'boolean' ? String(value) : value;
}, z.string());

/** The number whose shortest digits are those of the nearest single-precision float. */
function toSinglePrecision(value: number): number {
  const single = Math.fround(value);
  if (!Number.isFinite(single) || single === 0) return single;
  const size = Math.abs(single);
  for (let digits = 1; ; digits++) {
    const rounded = roundedToEven(size, digits);
    if (Math.fround(rounded) === size) return Math.sign(single) * rounded;
  }
}

/** Rounded to so many digits; exactly between two, to the even one, where JavaScript takes the larger. */
function roundedToEven(size: number, digits: number): number {
  const [mantissa, exponent] = size.toExponential(digits - 1).split('e') as [string, string];
  const larger = Number(mantissa.replace('.', ''));
  const at = (whole: number) => Number(`${whole}e${Number(exponent) - digits + 1}`);
  const isBetween = at(larger) - size === size - at(larger - 1);
  return at(isBetween && larger % 2 === 1 ? larger - 1 : larger);
}

/** A field that may be missing, or empty: Go takes a null for one that is not there. */
export const absentOrNull = <T extends z.ZodType>(field: T) =>
  z.preprocess(value => (value === null ? undefined : value), field.optional()).optional();
