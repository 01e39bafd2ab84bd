import { z } from 'zod';
import { booleanField, durationField, readYamlNumber } from '../config/index.ts';
import { type Milliseconds, parseFloatText } from '../core/index.ts';

const textField = z
  .string()
  .nullish()
  .transform(text => text ?? '');

const textsField = z
  .record(z.string(), textField)
  .nullish()
  .transform(texts => texts ?? {});

const spanField = durationField.nullish().transform(duration => duration ?? 0);

const listField = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform(list => list ?? []);

/** A text that `read` understands. */
const readField = <T>(what: string, read: (text: string) => T | undefined) =>
  textField.transform((text, context) => {
    const value = read(text);
    if (value !== undefined) return value;
    context.issues.push({ code: 'custom', message: `${JSON.stringify(text)} is not ${what}`, input: text });
    return z.NEVER;
  });

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** Unix seconds or RFC 3339 (cmd/promtool/main.go `parseTime`). */
function readInstant(text: string): Milliseconds | undefined {
  if (text === '') return 0;
  const seconds = parseFloatText(text);
  if (seconds !== undefined) return Number.isFinite(seconds) ? Math.floor(seconds * 1000) : undefined;
  return RFC_3339.test(text) && !Number.isNaN(Date.parse(text)) ? Date.parse(text) : undefined;
}

const sampleField = z.strictObject({
  labels: textField,
  value: readField('a number', text => (text === '' ? 0 : readYamlNumber(text))),
  histogram: textField,
});

const testField = z.strictObject({
  interval: spanField,
  input_series: listField(z.strictObject({ series: textField, values: textField })),
  alert_rule_test: listField(
    z.strictObject({
      eval_time: spanField,
      alertname: textField,
      exp_alerts: listField(z.strictObject({ exp_labels: textsField, exp_annotations: textsField })),
    }),
  ),
  promql_expr_test: listField(
    z.strictObject({ expr: textField, eval_time: spanField, exp_samples: listField(sampleField) }),
  ),
  external_labels: textsField,
  external_url: textField,
  name: textField,
  start_timestamp: readField('a time: Unix seconds, or as in 2026-07-01T10:00:00Z', readInstant),
});

/** The shape of a test file whose scalars were read as texts (cmd/promtool/unittest.go `unitTestFile`). */
export const testFileSchema = z.strictObject({
  rule_files: listField(textField),
  evaluation_interval: spanField,
  group_eval_order: listField(textField),
  tests: listField(testField),
  fuzzy_compare: booleanField.nullish().transform(value => value ?? false),
});

export type TestFileFields = z.infer<typeof testFileSchema>;
export type TestFields = TestFileFields['tests'][number];
