import { z } from 'zod';
import { descriptionField, metadataField, nameField, shorthandField } from './fields.ts';

export const NOTIFICATION_TARGET_SPEC = z.strictObject({
  description: descriptionField,
  target: z.string().min(1),
});

export const ALERT_CONDITION_SPEC = z.strictObject({
  description: descriptionField,
  severity: z.string(),
  condition: z.strictObject({
    kind: z.literal('burnrate', 'must be burnrate, the one kind of condition').default('burnrate'),
    op: z.enum(['gt', 'gte'], 'must be gt or gte: an alert is on burning too fast').default('gt'),
    threshold: z.number().positive('must be above 0'),
    lookbackWindow: shorthandField,
    alertAfter: z
      .union([z.literal(['0', '0m', '0s', '0h']), shorthandField], 'not a duration such as 5m')
      .optional(),
  }),
});

/** A reference by the field `ref`, or a document without its apiVersion. */
function entry<R extends string, K extends string, S extends z.ZodType>(ref: R, kind: K, spec: S) {
  const fields = {
    [ref]: nameField.optional(),
    kind: z.literal(kind, `must be ${kind}`).optional(),
    metadata: metadataField.optional(),
    spec: spec.optional(),
  } as { [F in R]: z.ZodOptional<typeof nameField> } & {
    kind: z.ZodOptional<z.ZodLiteral<K>>;
    metadata: z.ZodOptional<typeof metadataField>;
    spec: z.ZodOptional<S>;
  };
  const given = (value: object, field: string) => (value as Record<string, unknown>)[field] !== undefined;
  return z
    .strictObject(fields)
    .refine(
      value => given(value, ref) !== given(value, 'spec'),
      `give either ${ref}, or kind, metadata and spec`,
    )
    .refine(
      value => given(value, 'spec') === given(value, 'metadata'),
      'metadata with a name and spec go together',
    );
}

export const ALERT_POLICY_SPEC = z.strictObject({
  description: descriptionField,
  alertWhenNoData: z.boolean().optional(),
  alertWhenResolved: z.boolean().optional(),
  alertWhenBreaching: z.boolean().optional(),
  conditions: z
    .array(entry('conditionRef', 'AlertCondition', ALERT_CONDITION_SPEC))
    .length(1, 'exactly one condition is given'),
  notificationTargets: z
    .array(entry('targetRef', 'AlertNotificationTarget', NOTIFICATION_TARGET_SPEC))
    .default([]),
});

export const ALERT_POLICY_ENTRY = entry('alertPolicyRef', 'AlertPolicy', ALERT_POLICY_SPEC);

/** Older documents name the policy alone. */
export const alertPolicyEntry = z.preprocess(
  value => (typeof value === 'string' ? { alertPolicyRef: value } : value),
  ALERT_POLICY_ENTRY,
);

export type AlertPolicySpec = z.infer<typeof ALERT_POLICY_SPEC>;
export type AlertConditionSpec = z.infer<typeof ALERT_CONDITION_SPEC>;
export type NotificationTargetSpec = z.infer<typeof NOTIFICATION_TARGET_SPEC>;
export type AlertPolicyEntry = z.infer<typeof alertPolicyEntry>;
