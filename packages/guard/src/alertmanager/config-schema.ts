import { z } from 'zod';
import { labelNameField, stringMapField, textField } from '../config/index.ts';
import {
  duration,
  emailSchema,
  globalSchema,
  pagerdutySchema,
  slackSchema,
  webhookSchema,
} from './receivers/schema.ts';
import { timeIntervalSchema } from './time-interval-schema.ts';

const positiveDuration = duration.refine(value => value > 0, 'must be more than zero');
const classicMap = z.record(labelNameField, z.union([z.string(), z.number(), z.boolean()]).transform(String));
/** UTF-8 label names: anything but nothing. */
const labelName = textField.refine(name => name !== '', 'a label name must not be empty');
const matcherList = z.array(z.string());

export type RouteDocument = z.output<typeof routeFields> & { routes?: RouteDocument[] | undefined };
const routeFields = z.strictObject({
  receiver: z.string().optional(),
  group_by: z.array(labelName).optional(),
  group_wait: duration.optional(),
  group_interval: positiveDuration.optional(),
  repeat_interval: positiveDuration.optional(),
  match: classicMap.optional(),
  match_re: classicMap.optional(),
  matchers: matcherList.optional(),
  continue: z.boolean().default(false),
  labels: stringMapField.optional(),
  mute_time_intervals: z.array(textField).nullish(),
  active_time_intervals: z.array(textField).nullish(),
});
const routeSchema: z.ZodType<RouteDocument> = routeFields.extend({
  get routes() {
    return z.array(routeSchema).optional();
  },
}) as unknown as z.ZodType<RouteDocument>;

const inhibitSchema = z.strictObject({
  name: z.string().default(''),
  source_match: classicMap.optional(),
  source_match_re: classicMap.optional(),
  source_matchers: matcherList.optional(),
  target_match: classicMap.optional(),
  target_match_re: classicMap.optional(),
  target_matchers: matcherList.optional(),
  equal: z.array(labelName).default([]),
});

const orNone = <T>(list: T[] | null | undefined): T[] => list ?? [];

const receiverSchema = z.strictObject({
  name: z.string().min(1, 'must not be empty'),
  labels: stringMapField.optional(),
  webhook_configs: z.array(webhookSchema).nullish().transform(orNone),
  email_configs: z.array(emailSchema).nullish().transform(orNone),
  pagerduty_configs: z.array(pagerdutySchema).nullish().transform(orNone),
  slack_configs: z.array(slackSchema).nullish().transform(orNone),
});

/** The shape of an Alertmanager file as far as the embedded router serves it. */
export const configSchema = z.strictObject({
  global: globalSchema.nullish(),
  route: routeSchema,
  inhibit_rules: z.array(inhibitSchema).nullish(),
  receivers: z.array(receiverSchema).nullish(),
  templates: z.array(z.string()).nullish(),
  time_intervals: z.array(timeIntervalSchema).nullish(),
  mute_time_intervals: z.array(timeIntervalSchema).nullish(),
});

export type ConfigDocument = z.output<typeof configSchema>;
export type InhibitDocument = z.output<typeof inhibitSchema>;
