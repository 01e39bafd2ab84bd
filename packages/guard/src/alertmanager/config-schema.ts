import { z } from 'zod';
import { durationField, labelNameField, stringMapField, textField } from '../config/index.ts';
import { checkHttpClient, httpClientFields } from '../http-client/index.ts';
import { timeIntervalSchema } from './time-interval-schema.ts';

/** YAML reads a bare `0` as a number. */
const duration = z.preprocess(value => (typeof value === 'number' ? String(value) : value), durationField);
const positiveDuration = duration.refine(value => value > 0, 'must be more than zero');
const classicMap = z.record(labelNameField, z.union([z.string(), z.number(), z.boolean()]).transform(String));
/** UTF-8 label names: anything but nothing. */
const labelName = z.string().min(1, 'a label name must not be empty');
const matcherList = z.array(z.string());

const httpSchema = z.strictObject(httpClientFields).superRefine(checkHttpClient);

const webhookSchema = z
  .strictObject({
    url: z.string().default(''),
    url_file: textField.default(''),
    send_resolved: z.boolean().default(true),
    max_alerts: z.int().nonnegative().default(0),
    timeout: duration.default(0),
    http_config: httpSchema.optional(),
  })
  .refine(({ url, url_file }) => url !== '' || url_file !== '', 'one of url and url_file must be given')
  .refine(
    ({ url, url_file }) => url === '' || url_file === '',
    'at most one of url and url_file may be given',
  );

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

const receiverSchema = z.strictObject({
  name: z.string().min(1, 'must not be empty'),
  labels: stringMapField.optional(),
  webhook_configs: z.array(webhookSchema).default([]),
});

/** The shape of an Alertmanager file as far as the embedded router serves it. */
export const configSchema = z.strictObject({
  global: z
    .strictObject({ resolve_timeout: duration.default(300_000), http_config: httpSchema.optional() })
    .nullish(),
  route: routeSchema,
  inhibit_rules: z.array(inhibitSchema).nullish(),
  receivers: z.array(receiverSchema).nullish(),
  templates: z.array(z.string()).max(0).nullish(),
  time_intervals: z.array(timeIntervalSchema).nullish(),
  mute_time_intervals: z.array(timeIntervalSchema).nullish(),
});

export type ConfigDocument = z.output<typeof configSchema>;
export type WebhookDocument = z.output<typeof webhookSchema>;
export type InhibitDocument = z.output<typeof inhibitSchema>;
