import { z } from 'zod';
import { ratio } from '../../core/index.ts';
import {
  calendarField,
  descriptionField,
  metadataField,
  nameField,
  openShare,
  operatorField,
  shareField,
} from './fields.ts';

const QUERY_TYPES = ['promql', 'query'] as const;

const metricSource = z.strictObject({
  source: z.string(),
  queryType: z.enum(QUERY_TYPES, `must be one of ${QUERY_TYPES.join(', ')}`),
  query: z.string(),
});

const objective = z.strictObject({
  displayName: z.string().optional(),
  value: z.number().optional(),
  op: operatorField.optional(),
  target: openShare(1).transform(ratio),
  timeSliceTarget: shareField.optional(),
  ratioMetrics: z
    .strictObject({
      good: metricSource,
      total: metricSource,
      incremental: z.boolean().optional(),
      // Its name in the first drafts.
      counter: z.boolean().optional(),
    })
    .refine(({ incremental, counter }) => incremental === undefined || counter === undefined, {
      error: 'give one of incremental and counter',
    })
    .optional(),
});

const UNITS = ['Second', 'Day', 'Week', 'Month', 'Quarter', 'Year'] as const;

const timeWindow = z
  .strictObject({
    unit: z.enum(UNITS, `must be one of ${UNITS.join(', ')}`),
    count: z.int().positive(),
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

const METHODS = ['Occurrences', 'Timeslices'] as const;

const header = { apiVersion: z.literal('openslo/v1alpha'), metadata: metadataField };

/** The kinds of OpenSLO v1alpha. */
export const V1ALPHA_SCHEMAS = {
  Service: z.strictObject({
    ...header,
    kind: z.literal('Service'),
    spec: z.strictObject({ description: descriptionField }).default({}),
  }),
  SLO: z.strictObject({
    ...header,
    kind: z.literal('SLO'),
    spec: z
      .strictObject({
        description: descriptionField,
        service: nameField,
        indicator: z.strictObject({ thresholdMetric: metricSource }).optional(),
        timeWindows: z.array(timeWindow).length(1, 'exactly one window is given').optional(),
        budgetingMethod: z.enum(METHODS, `must be one of ${METHODS.join(', ')}`),
        objectives: z.array(objective).min(1, 'give at least one objective'),
      })
      .refine(
        ({ indicator, objectives }) =>
          objectives.every(({ ratioMetrics }) => (ratioMetrics === undefined) === (indicator !== undefined)),
        'give either indicator, or ratioMetrics in every objective',
      ),
  }),
} as const;

export type V1AlphaKind = keyof typeof V1ALPHA_SCHEMAS;
export type V1AlphaSlo = z.infer<(typeof V1ALPHA_SCHEMAS)['SLO']>;
export type V1AlphaService = z.infer<(typeof V1ALPHA_SCHEMAS)['Service']>;
