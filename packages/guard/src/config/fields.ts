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

/** A label's name in the classic character set. */
export const labelNameField = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'not a label name');

/** Label or annotation values; numbers and booleans are read as the text that YAML shows, as Go's reader does. */
export const stringMapField = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean()]).transform(String),
);
