import { z } from 'zod';
import { goTextField, objectMetaShape } from '../../config/index.ts';

/** Go takes a null for a field that is not there. */
const optional = <T extends z.ZodType>(field: T) =>
  z.union([z.null().transform(() => undefined), field]).optional();

const texts = z.record(z.string(), z.union([z.null().transform(() => ''), goTextField]));
const query = z.strictObject({ metric: goTextField });
const grouping = optional(z.array(goTextField));
const text = optional(goTextField);
const flag = optional(z.boolean());

/** `kubernetes/api/v1alpha1/servicelevelobjective_types.go` of Pyrra 0.10. */
export const SERVICE_LEVEL_OBJECTIVE = z.strictObject({
  apiVersion: z.literal('pyrra.dev/v1alpha1'),
  kind: z.literal('ServiceLevelObjective'),
  metadata: z.strictObject({
    ...objectMetaShape,
    name: goTextField,
    namespace: text,
    labels: optional(texts),
    annotations: optional(texts),
  }),
  spec: z.strictObject({
    description: text,
    target: goTextField,
    window: goTextField,
    indicator: z
      .strictObject({
        ratio: optional(z.strictObject({ errors: query, total: query, grouping })),
        latency: optional(z.strictObject({ success: query, total: query, grouping })),
        latencyNative: optional(z.strictObject({ total: query, latency: goTextField, grouping })),
        bool_gauge: optional(z.strictObject({ metric: goTextField, grouping })),
      })
      .refine(
        indicator => Object.values(indicator).filter(value => value !== undefined).length === 1,
        'exactly one of ratio, latency, latencyNative and bool_gauge',
      ),
    alerting: optional(
      z.strictObject({
        disabled: flag,
        burnrates: flag,
        absent: flag,
        name: text,
        absentName: text,
        severities: optional(
          z.strictObject({
            absent: text,
            fastBurn: text,
            mediumBurn: text,
            slowBurn: text,
            longTermBurn: text,
          }),
        ),
      }),
    ),
    partial_response_strategy: optional(z.enum(['', 'abort', 'warn'])),
    performanceOverAccuracy: flag,
    ruleOutput: optional(
      z.strictObject({
        shortRulesLabels: optional(texts),
        longRulesLabels: optional(texts),
        enableDescriptionAsLabel: flag,
      }),
    ),
  }),
  status: z.unknown().optional(),
});

export type Written = z.infer<typeof SERVICE_LEVEL_OBJECTIVE>;
