import { z } from 'zod';
import { integerField, textField } from '../../config/index.ts';

const SIZE_UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB', 'EB'];

/** `10MB`, `512KiB`: powers of 1024 in both spellings, as Prometheus reads sizes. 0 is no limit. */
export const sizeField = textField.transform((text, context) => {
  if (text === '0') return 0;
  const match = /^(\d+(?:\.\d+)?)([KMGTPE]?)(i?)B$/.exec(text);
  if (!match || (match[2] === '' && match[3] !== '')) {
    context.issues.push({
      code: 'custom',
      message: `${JSON.stringify(text)} is not a size such as 10MB`,
      input: text,
    });
    return z.NEVER;
  }
  return Math.floor(Number(match[1]) * 1024 ** SIZE_UNITS.indexOf(`${match[2]}B`));
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
