import { z } from 'zod';
import { goNumberField, goTextField, objectMetaShape } from '../../config/index.ts';

/** Go takes a null for a field that is not there. */
const optional = <T extends z.ZodType>(field: T) =>
  z.union([z.null().transform(() => undefined), field]).optional();

type TextField = z.ZodType<string>;

/** `null` is the empty text. */
const textsOf = (text: TextField) => z.record(z.string(), z.union([z.null().transform(() => ''), text]));

const alertOf = (text: TextField) =>
  z.strictObject({
    disable: optional(z.boolean()),
    labels: optional(textsOf(text)),
    annotations: optional(textsOf(text)),
  });

const pluginsOf = (text: TextField) =>
  z.strictObject({
    overridePrevious: optional(z.boolean()),
    chain: optional(
      z.array(z.strictObject({ id: text, config: z.unknown(), priority: optional(goNumberField) })),
    ),
  });

/** For the three kinds of SLI. */
const isOne = (sli: object): boolean => Object.values(sli).filter(value => value !== undefined).length === 1;
const ONE_SLI = 'an SLI has exactly one of events, raw and plugin';

/** Fields that both forms spell alike. */
const commonOf = (text: TextField) => ({
  alerting: { name: optional(text), labels: optional(textsOf(text)), annotations: optional(textsOf(text)) },
  slo: {
    name: text,
    description: optional(text),
    objective: goNumberField,
    labels: optional(textsOf(text)),
    plugins: optional(pluginsOf(text)),
  },
  plugin: z.strictObject({ id: text, options: optional(textsOf(text)) }),
});

const snake = commonOf(goTextField);

/** `version: prometheus/v1` (pkg/prometheus/api/v1). */
export const PROMETHEUS_V1 = z.strictObject({
  version: z.literal('prometheus/v1'),
  service: goTextField,
  labels: optional(textsOf(goTextField)),
  slo_plugins: optional(pluginsOf(goTextField)),
  slos: z
    .array(
      z.strictObject({
        ...snake.slo,
        sli: z
          .strictObject({
            raw: optional(
              z
                .strictObject({ error_ratio_query: goTextField })
                .transform(raw => ({ errorRatioQuery: raw.error_ratio_query })),
            ),
            events: optional(
              z
                .strictObject({ error_query: goTextField, total_query: goTextField })
                .transform(events => ({ errorQuery: events.error_query, totalQuery: events.total_query })),
            ),
            plugin: optional(snake.plugin),
          })
          .refine(isOne, ONE_SLI),
        alerting: optional(
          z
            .strictObject({
              ...snake.alerting,
              page_alert: optional(alertOf(goTextField)),
              ticket_alert: optional(alertOf(goTextField)),
            })
            .transform(({ page_alert: pageAlert, ticket_alert: ticketAlert, ...rest }) => ({
              ...rest,
              pageAlert,
              ticketAlert,
            })),
        ),
      }),
    )
    .min(1, 'at least one SLO is needed'),
});

// Kubernetes reads strictly: a number is no text there.
const plain = z.string();
const camel = commonOf(plain);

/** `apiVersion: sloth.slok.dev/v1`, `kind: PrometheusServiceLevel` (pkg/kubernetes/api/sloth/v1). */
export const SERVICE_LEVEL_V1 = z.strictObject({
  apiVersion: z.literal('sloth.slok.dev/v1'),
  kind: z.literal('PrometheusServiceLevel'),
  metadata: optional(
    z.strictObject({
      ...objectMetaShape,
      name: optional(plain),
      namespace: optional(plain),
      labels: optional(textsOf(plain)),
      annotations: optional(textsOf(plain)),
    }),
  ),
  spec: z.strictObject({
    service: plain,
    labels: optional(textsOf(plain)),
    sloPlugins: optional(pluginsOf(plain)),
    slos: z
      .array(
        z.strictObject({
          ...camel.slo,
          sli: z
            .strictObject({
              raw: optional(z.strictObject({ errorRatioQuery: plain })),
              events: optional(z.strictObject({ errorQuery: plain, totalQuery: plain })),
              plugin: optional(camel.plugin),
            })
            .refine(isOne, ONE_SLI),
          alerting: optional(
            z.strictObject({
              ...camel.alerting,
              pageAlert: optional(alertOf(plain)),
              ticketAlert: optional(alertOf(plain)),
            }),
          ),
        }),
      )
      .min(1, 'at least one SLO is needed'),
  }),
  status: z.unknown().optional(),
});

export type WrittenSlo = z.infer<typeof SERVICE_LEVEL_V1>['spec']['slos'][number];
export type WrittenAlert = z.infer<ReturnType<typeof alertOf>>;
