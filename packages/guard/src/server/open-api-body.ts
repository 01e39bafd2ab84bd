import { z } from 'zod';
import type { Milliseconds } from '../core/index.ts';
import { OpenApiError } from './open-api-error.ts';
import { readOpenApiTime } from './open-api-time.ts';

/** A time in a body; Go's zero time stays what it is, the year 1. */
export const timeField = z.string().transform((text, context): Milliseconds => {
  const at = readOpenApiTime(text);
  if (at !== undefined) return at;
  context.addIssue({ code: 'custom', message: `parsing time ${JSON.stringify(text)}: no date and time` });
  return z.NEVER;
});

/** Texts by name; whatever the name, and with U+FFFD for half a character, as Go reads JSON. */
export const stringMap = z.unknown().transform((value, context): Readonly<Record<string, string>> => {
  const refuse = (message: string, path: string[] = []) => {
    context.addIssue({ code: 'custom', message, path });
    return z.NEVER;
  };
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refuse('expected an object');
  const entries = Object.entries(value);
  const wrong = entries.find(([, text]) => typeof text !== 'string');
  if (wrong) return refuse('expected a string', [wrong[0]]);
  if (entries.every(([name, text]) => name.isWellFormed() && text.isWellFormed()))
    return value as Record<string, string>;
  return Object.fromEntries(entries.map(([name, text]) => [name.toWellFormed(), text.toWellFormed()]));
});

/** A text as Go reads it from JSON: with U+FFFD for half a character. */
export const textField = z.string().transform(text => text.toWellFormed());

/** Go's zero time stands for "not given". */
export const ZERO_TIME = Date.parse('0001-01-01T00:00:00Z');

/**
 * Reads a body as go-openapi does: what is of the wrong type is 400; what is missing, null included, or too short is
 * 422 and the first of it, in the order of the schema's fields, is named.
 *
 * @throws OpenApiError
 */
export function readBody<T>(name: string, schema: z.ZodType<T>, body: unknown): T {
  if (body === undefined) throw new OpenApiError(422, `${name} in body is required`, 602);
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const { issues } = result.error;
  const isMissing = ({ path }: z.core.$ZodIssue) => valueAt(body, path) == null;
  const malformed = issues.find(each => !isMissing(each) && isMalformed(each));
  if (malformed) {
    const message = `parsing ${name} body from "" failed, because ${fieldOf(malformed)}${malformed.message}`;
    throw new OpenApiError(400, message);
  }
  const [first] = issues;
  const field = first!.path.join('.') || name;
  if (isMissing(first!)) throw new OpenApiError(422, `${field} in body is required`, 602);
  throw new OpenApiError(422, `${field} in body ${first!.message}`, CODES[first!.code] ?? 601);
}

/** What Go's decoder refuses, before anything is checked. */
const isMalformed = (issue: z.core.$ZodIssue) =>
  issue.code === 'invalid_type' || (issue.code === 'custom' && issue.params?.form !== true);

/** go-openapi/errors: the codes of a list that is too short; 601 is a value of the wrong form. */
const CODES: Readonly<Record<string, number>> = { too_small: 612 };

const fieldOf = ({ path }: z.core.$ZodIssue) => (path.length > 0 ? `${path.join('.')}: ` : '');

const valueAt = (body: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | null)?.[key], body);
