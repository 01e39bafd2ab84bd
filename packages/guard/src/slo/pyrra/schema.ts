import { z } from 'zod';
import { absentOrNull, goTextField, objectMetaShape } from '../../config/index.ts';

const texts = z.record(z.string(), z.union([z.null().transform(() => ''), goTextField]));
const query = z.strictObject({ metric: goTextField });
const grouping = absentOrNull(z.array(goTextField));
const text = absentOrNull(goTextField);
const flag = absentOrNull(z.boolean());

/** `kubernetes/api/v1alpha1/servicelevelobjective_types.go` of Pyrra 0.10. */
export const SERVICE_LEVEL_OBJECTIVE = z.strictObject({
  apiVersion: z.literal('pyrra.dev/v1alpha1'),
  kind: z.literal('ServiceLevelObjective'),
  metadata: z.strictObject({
    ...objectMetaShape,
    name: goTextField,
    namespace: text,
    labels: absentOrNull(texts),
    annotations: absentOrNull(texts),
  }),
  spec: z.strictObject({
    description: text,
    target: goTextField,
    window: goTextField,
    indicator: z
      .strictObject({
        ratio: absentOrNull(z.strictObject({ errors: query, total: query, grouping })),
        latency: absentOrNull(z.strictObject({ success: query, total: query, grouping })),
        latencyNative: absentOrNull(z.strictObject({ total: query, latency: goTextField, grouping })),
        bool_gauge: absentOrNull(z.strictObject({ metric: goTextField, grouping })),
      })
      .refine(
        indicator => Object.values(indicator).filter(value => value !== undefined).length === 1,
        'exactly one of ratio, latency, latencyNative and bool_gauge',
      ),
    alerting: absentOrNull(
      z.strictObject({
        disabled: flag,
        burnrates: flag,
        absent: flag,
        name: text,
        absentName: text,
        severities: absentOrNull(
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
    partial_response_strategy: absentOrNull(z.enum(['', 'abort', 'warn'])),
    performanceOverAccuracy: flag,
    ruleOutput: absentOrNull(
      z.strictObject({
        shortRulesLabels: absentOrNull(texts),
        longRulesLabels: absentOrNull(texts),
        enableDescriptionAsLabel: flag,
      }),
    ),
  }),
  status: z.unknown().optional(),
});

export type Written = z.infer<typeof SERVICE_LEVEL_OBJECTIVE>;
