import { z } from 'zod';
import { percent, ratio } from '../../core/index.ts';
import {
  ALERT_CONDITION_SPEC,
  ALERT_POLICY_SPEC,
  alertPolicyEntry,
  NOTIFICATION_TARGET_SPEC,
} from './alert-schema.ts';
import {
  calendarField,
  descriptionField,
  exactlyOne,
  metadataField,
  nameField,
  openShare,
  operatorField,
  shareField,
  shorthandField,
} from './fields.ts';

const metric = z.strictObject({
  metricSource: z
    .strictObject({
      metricSourceRef: nameField.optional(),
      type: z.string().optional(),
      // Each type of source has fields of its own.
      spec: z.looseObject({ query: z.string().optional() }),
    })
    .refine(({ type, metricSourceRef }) => type !== undefined || metricSourceRef !== undefined, {
      error: 'give type, or metricSourceRef',
    }),
});

const ratioMetric = z
  .strictObject({
    counter: z.boolean().optional(),
    good: metric.optional(),
    bad: metric.optional(),
    total: metric.optional(),
    rawType: z.enum(['success', 'failure'], 'must be success or failure').optional(),
    raw: metric.optional(),
  })
  .refine(exactlyOne('total', 'raw'), 'give exactly one of total and raw')
  .refine(
    ratio => ratio.total === undefined || exactlyOne('good', 'bad')(ratio),
    'give exactly one of good and bad',
  )
  .refine(
    ({ raw, good, bad }) => raw === undefined || (good === undefined && bad === undefined),
    'give either raw, or total and one of good and bad',
  )
  .refine(
    ({ raw, rawType }) => (raw === undefined) === (rawType === undefined),
    'raw and rawType go together',
  );

const indicatorSpec = z
  .strictObject({
    description: descriptionField,
    thresholdMetric: metric.optional(),
    ratioMetric: ratioMetric.optional(),
  })
  .refine(
    exactlyOne('thresholdMetric', 'ratioMetric'),
    'give exactly one of thresholdMetric and ratioMetric',
  );

const indicator = z.strictObject({ metadata: metadataField.optional(), spec: indicatorSpec });

const objective = z
  .strictObject({
    displayName: z.string().optional(),
    op: operatorField.optional(),
    value: z.number().optional(),
    target: openShare(1).transform(ratio).optional(),
    targetPercent: openShare(100).transform(percent).optional(),
    timeSliceTarget: shareField.optional(),
    timeSliceWindow: z
      .union([z.number().positive(), shorthandField], 'not a number of minutes or a duration such as 5m')
      .optional(),
    indicator: indicator.optional(),
    indicatorRef: nameField.optional(),
    compositeWeight: z.number().positive().optional(),
  })
  .refine(exactlyOne('target', 'targetPercent'), 'give exactly one of target and targetPercent')
  .refine(
    given => given.indicator === undefined || given.indicatorRef === undefined,
    'give one of indicator and indicatorRef',
  );

const timeWindow = z
  .strictObject({
    duration: shorthandField,
    isRolling: z.boolean().optional(),
    calendar: calendarField.optional(),
  })
  .refine(
    ({ isRolling, calendar }) => calendar === undefined || isRolling !== true,
    'a window is rolling or has a calendar, not both',
  )
  .refine(
    ({ isRolling, calendar }) => calendar !== undefined || isRolling !== false,
    'a window that is not rolling needs a calendar',
  );

const METHODS = ['Occurrences', 'Timeslices', 'RatioTimeslices'] as const;

const sloSpec = z.strictObject({
  description: descriptionField,
  service: nameField,
  indicator: indicator.optional(),
  indicatorRef: nameField.optional(),
  timeWindow: z.array(timeWindow).length(1, 'exactly one window is given').optional(),
  budgetingMethod: z.enum(METHODS, `must be one of ${METHODS.join(', ')}`),
  objectives: z.array(objective).min(1, 'give at least one objective'),
  alertPolicies: z.array(alertPolicyEntry).optional(),
});

const dataSourceSpec = z.strictObject({
  description: descriptionField,
  type: z.string(),
  connectionDetails: z.unknown().optional(),
});

const document = <K extends string, S extends z.ZodType>(kind: K, spec: S) =>
  z.strictObject({
    apiVersion: z.literal('openslo/v1'),
    kind: z.literal(kind),
    metadata: metadataField,
    spec,
  });

/** The kinds of OpenSLO v1. */
export const SCHEMAS = {
  Service: document('Service', z.strictObject({ description: descriptionField }).default({})),
  SLI: document('SLI', indicatorSpec),
  SLO: document('SLO', sloSpec),
  DataSource: document('DataSource', dataSourceSpec),
  AlertPolicy: document('AlertPolicy', ALERT_POLICY_SPEC),
  AlertCondition: document('AlertCondition', ALERT_CONDITION_SPEC),
  AlertNotificationTarget: document('AlertNotificationTarget', NOTIFICATION_TARGET_SPEC),
} as const;

export type Kind = keyof typeof SCHEMAS;
export type DocumentFields<K extends Kind> = z.infer<(typeof SCHEMAS)[K]>;
export type MetricFields = z.infer<typeof metric>;
export type IndicatorSpec = z.infer<typeof indicatorSpec>;
export type SloSpec = z.infer<typeof sloSpec>;
export type ObjectiveFields = z.infer<typeof objective>;
export type TimeWindowFields = z.infer<typeof timeWindow>;
