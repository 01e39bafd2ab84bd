import { z } from 'zod';
import { isTimeZone } from '../local-time.ts';
import { shorthandOf } from './duration.ts';

/**
 * The specification asks for RFC 1123 labels at least and encourages more; its own examples have capitals, and label
 * values may hold all of these.
 */
const NAME = /^[a-zA-Z0-9]([-._|/\\a-zA-Z0-9]{0,253}[a-zA-Z0-9])?$/;

export const nameField = z
  .string()
  .regex(NAME, 'not a name: letters, digits and - . _ | / \\ between the first and the last');

/** The specification's keys, and those that Prometheus has besides. */
const LABEL_KEY = /^[a-zA-Z0-9_]([-._a-zA-Z0-9]{0,61}[a-zA-Z0-9_])?$/;
const ANNOTATION_KEY = /^([a-z0-9][-.a-z0-9]{0,252}\/)?[a-zA-Z0-9]([-._a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/;

/** A text; numbers and truth values are taken as texts. */
const textField = z.union([z.string(), z.number(), z.boolean()], 'not a text').transform(String);

/** A label's value, or several. */
const labelValue = z.union([textField, z.array(textField)], 'not a text or a list of texts');

export const metadataField = z.strictObject({
  name: nameField,
  displayName: z.string().optional(),
  labels: z.record(z.string().regex(LABEL_KEY, 'not the name of a label'), labelValue).default({}),
  annotations: z
    .record(z.string().regex(ANNOTATION_KEY, 'not the name of an annotation'), textField)
    .default({}),
});

export type Metadata = z.infer<typeof metadataField>;

/** The specification's limit. */
const LONGEST_DESCRIPTION = 1050;

export const descriptionField = z
  .string()
  .max(LONGEST_DESCRIPTION, `longer than ${LONGEST_DESCRIPTION} characters`)
  .optional();

/** A whole number and one of m, h, d, w, M, Q, Y, or a duration of Prometheus. */
export const shorthandField = z.string().refine(text => shorthandOf(text) !== undefined, {
  error: ({ input }) => `${JSON.stringify(input)} is not a duration such as 30d, 4w or 1M`,
});

/** Nearer to 1 the budget would drown in the noise of doubles. */
const NEAREST_TO_ONE = 1 - 1e-12;

/** A share or a percentage whose budget is neither everything nor nothing. */
export function openShare(whole: number) {
  const error = `must be above 0 and below ${whole}`;
  return z
    .number()
    .gt(0, error)
    .lt(whole, whole === 1 ? `${error}; a percentage is a targetPercent` : error)
    .refine(value => value >= whole || value < whole * NEAREST_TO_ONE, error);
}

export const shareField = z
  .number()
  .refine(value => value > 0 && value <= 1, 'must be above 0 and at most 1');

export const operatorField = z.enum(['lte', 'gte', 'lt', 'gt'], 'must be one of lte, gte, lt, gt');
export type Operator = z.infer<typeof operatorField>;

const LOCAL_TIME = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}$/;

export const calendarField = z.strictObject({
  startTime: z
    .string()
    .refine(
      text => LOCAL_TIME.test(text) && !Number.isNaN(Date.parse(`${text.replace(' ', 'T')}Z`)),
      'not a local time such as 2026-01-01 12:00:00',
    ),
  timeZone: z.string().refine(isTimeZone, {
    error: ({ input }) => `${JSON.stringify(input)} is not a time zone of the IANA database`,
  }),
});

/** Exactly one of some fields. */
export const exactlyOne =
  <K extends string>(...fields: readonly K[]) =>
  (value: Partial<Record<K, unknown>>): boolean =>
    fields.filter(field => value[field] !== undefined).length === 1;
