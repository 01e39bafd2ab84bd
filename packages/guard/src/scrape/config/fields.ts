import { z } from 'zod';
import { integerField, textField } from '../../config/index.ts';
import { parseSize } from '../../core/index.ts';

/** A size as Prometheus reads it; 0 is no limit. */
export const sizeField = textField.transform((text, context) => {
  const size = parseSize(text);
  if (size !== undefined) return size;
  context.issues.push({
    code: 'custom',
    message: `${JSON.stringify(text)} is not a size such as 10MB`,
    input: text,
  });
  return z.NEVER;
});

/** 0 is none. */
export const countField = integerField.refine(count => count >= 0, 'a count is not negative');

/** The fields that `global` gives every job and that a job may say otherwise. */
export const limitFields = {
  body_size_limit: sizeField.optional(),
  sample_limit: countField.optional(),
  target_limit: countField.optional(),
  label_limit: countField.optional(),
  label_name_length_limit: countField.optional(),
  label_value_length_limit: countField.optional(),
  keep_dropped_targets: countField.optional(),
};
