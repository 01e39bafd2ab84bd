import { z } from 'zod';
import { type Milliseconds, parseDuration } from '../core/index.ts';

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
