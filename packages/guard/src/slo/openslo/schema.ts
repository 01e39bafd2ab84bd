import { z } from 'zod';
import { durationField, labelNameField } from '../../config/index.ts';

const dnsLabel = z
  .string()
  .regex(
    /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
    'not a DNS label (RFC 1123): lower-case letters, digits and -',
  );

const metadata = z.strictObject({
  name: dnsLabel,
  displayName: z.string().optional(),
  labels: z.record(labelNameField, z.string()).default({}),
  annotations: z.record(z.string(), z.string()).default({}),
});

const promQuery = z.strictObject({
  metricSource: z.strictObject({
    type: z.string().regex(/^[Pp]rometheus$/, 'only Prometheus is read as a metric source'),
    spec: z.strictObject({ query: z.string() }),
  }),
});

const indicatorSpec = z.strictObject({
  description: z.string().optional(),
  ratioMetric: z
    .strictObject({
      counter: z.literal(true, 'only counters are read: counter must be true'),
      good: promQuery.optional(),
      bad: promQuery.optional(),
      total: promQuery,
    })
    .refine(
      ({ good, bad }) => (good === undefined) !== (bad === undefined),
      'give exactly one of good and bad',
    ),
});

const indicator = z.strictObject({ metadata: metadata.optional(), spec: indicatorSpec });

/** Nearer to 1 the budget would drown in the noise of doubles. */
const NEAREST_TO_ONE = 1 - 1e-12;

const openShare = (whole: number) =>
  z
    .number()
    .refine(value => value > 0 && value < whole * NEAREST_TO_ONE, `must be above 0 and below ${whole}`);

const objective = z
  .strictObject({
    displayName: z.string().optional(),
    target: openShare(1).optional(),
    targetPercent: openShare(100).optional(),
  })
  .refine(
    ({ target, targetPercent }) => (target === undefined) !== (targetPercent === undefined),
    'give exactly one of target and targetPercent',
  );

const one = <T extends z.ZodType>(item: T) => z.array(item).length(1, 'exactly one item is read here');

const header = { apiVersion: z.literal('openslo/v1'), metadata };

/** The kinds of OpenSLO v1 that are carried out, and of those the fields that are. */
export const SCHEMAS = {
  Service: z.strictObject({
    ...header,
    kind: z.literal('Service'),
    spec: z.strictObject({ description: z.string().max(1050).optional() }).default({}),
  }),
  SLI: z.strictObject({ ...header, kind: z.literal('SLI'), spec: indicatorSpec }),
  SLO: z.strictObject({
    ...header,
    kind: z.literal('SLO'),
    spec: z
      .strictObject({
        description: z.string().max(1050).optional(),
        service: z.string(),
        indicator: indicator.optional(),
        indicatorRef: z.string().optional(),
        timeWindow: one(z.strictObject({ duration: durationField, isRolling: z.literal(true) })),
        budgetingMethod: z.literal('Occurrences'),
        objectives: one(objective),
      })
      .refine(
        spec => (spec.indicator === undefined) !== (spec.indicatorRef === undefined),
        'give exactly one of indicator and indicatorRef',
      ),
  }),
} as const;

export type Kind = keyof typeof SCHEMAS;
export type ServiceDocument = z.infer<(typeof SCHEMAS)['Service']>;
export type SliDocument = z.infer<(typeof SCHEMAS)['SLI']>;
export type SloDocument = z.infer<(typeof SCHEMAS)['SLO']>;
export type IndicatorSpec = z.infer<typeof indicatorSpec>;

/** Kinds of OpenSLO v1 that are refused by name. */
export const OTHER_KINDS = [
  'AlertPolicy',
  'AlertCondition',
  'AlertNotificationTarget',
  'DataSource',
] as const;

type Step = string | '*';

const IN_INDICATORS: ReadonlyArray<readonly [path: readonly Step[], remedy: string]> = [
  [['thresholdMetric'], 'count good and total events in a ratioMetric'],
  [['ratioMetric', 'raw'], 'count good or bad and total events'],
  [['ratioMetric', 'rawType'], 'count good or bad and total events'],
  ...['good', 'bad', 'total'].map(
    counter => [['ratioMetric', counter, 'metricSource', 'metricSourceRef'], 'write the query here'] as const,
  ),
];

/** Fields of OpenSLO v1 that exist but are not carried out; they are refused rather than ignored. */
export const UNSUPPORTED_FIELDS: Record<
  Kind,
  ReadonlyArray<readonly [path: readonly Step[], remedy: string]>
> = {
  Service: [],
  SLI: IN_INDICATORS.map(([path, remedy]) => [['spec', ...path], remedy]),
  SLO: [
    ...IN_INDICATORS.map(([path, remedy]) => [['spec', 'indicator', 'spec', ...path], remedy] as const),
    [['spec', 'alertPolicies'], 'choose a policy with the annotation slo-guard/policy'],
    [['spec', 'timeWindow', '*', 'calendar'], 'use a rolling window: isRolling: true'],
    [['spec', 'objectives', '*', 'op'], 'count good or bad events in a ratioMetric'],
    [['spec', 'objectives', '*', 'value'], 'count good or bad events in a ratioMetric'],
    [['spec', 'objectives', '*', 'timeSliceTarget'], 'use budgetingMethod: Occurrences'],
    [['spec', 'objectives', '*', 'timeSliceWindow'], 'use budgetingMethod: Occurrences'],
    [['spec', 'objectives', '*', 'compositeWeight'], 'write one SLO an objective'],
    [['spec', 'objectives', '*', 'indicator'], 'write one SLO an objective'],
    [['spec', 'objectives', '*', 'indicatorRef'], 'write one SLO an objective'],
  ],
};
