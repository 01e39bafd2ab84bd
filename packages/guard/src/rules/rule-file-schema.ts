import { z } from 'zod';
import { durationField, readYamlNumber } from '../config/index.ts';

/** Nothing and null are the same in Go's reader. */
const textField = z
  .string()
  .nullish()
  .transform(text => text ?? '');

/** 0 where there is none. */
const spanField = durationField.nullish().transform(duration => duration ?? 0);

const textsField = z
  .record(z.string(), textField)
  .nullish()
  .transform(texts => texts ?? {});

const listField = <T extends z.ZodType>(item: T) =>
  z
    .array(item.nullable())
    .nullish()
    .transform(list => list ?? []);

/** A whole number as Go's YAML reader takes one for an integer: a fraction is cut off, 0 where there is none. */
const integerField = textField.transform((text, context) => {
  const value = text === '' ? 0 : readYamlNumber(text);
  if (value !== undefined && Number.isFinite(value)) return Math.trunc(value);
  context.issues.push({
    code: 'custom',
    message: `${JSON.stringify(text)} is not a whole number`,
    input: text,
  });
  return z.NEVER;
});

/**
 * The shape of a rule file whose scalars were read as texts. What is null stands for what is left out, entries of lists
 * included (model/rulefmt/rulefmt.go). `open` passes over unknown keys, as promtool does when it is told to.
 */
export function ruleFileSchema(open: boolean) {
  const object = <T extends z.ZodRawShape>(shape: T) => (open ? z.object(shape) : z.strictObject(shape));
  const rule = object({
    record: textField,
    alert: textField,
    expr: textField,
    for: spanField,
    keep_firing_for: spanField,
    labels: textsField,
    annotations: textsField,
  });
  const group = object({
    name: textField,
    interval: spanField,
    query_offset: durationField.nullish(),
    limit: integerField,
    labels: textsField,
    rules: listField(rule),
  });
  return object({ groups: listField(group) });
}

export type RuleFileFields = z.infer<ReturnType<typeof ruleFileSchema>>;
export type GroupFields = NonNullable<RuleFileFields['groups'][number]>;
export type RuleFields = NonNullable<GroupFields['rules'][number]>;
