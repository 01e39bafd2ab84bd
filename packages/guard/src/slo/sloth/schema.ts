import { z } from 'zod';
import { absentOrNull, goNumberField, goTextField, objectMetaShape } from '../../config/index.ts';

type TextField = z.ZodType<string>;

/** `null` is the empty text. */
const textsOf = (text: TextField) => z.record(z.string(), z.union([z.null().transform(() => ''), text]));

const alertOf = (text: TextField) =>
  z.strictObject({
    disable: absentOrNull(z.boolean()),
    labels: absentOrNull(textsOf(text)),
    annotations: absentOrNull(textsOf(text)),
  });

const pluginsOf = (text: TextField) =>
  z.strictObject({
    overridePrevious: absentOrNull(z.boolean()),
    chain: absentOrNull(
      z.array(z.strictObject({ id: text, config: z.unknown(), priority: absentOrNull(goNumberField) })),
    ),
  });

/** For the three kinds of SLI. */
const isOne = (sli: object): boolean => Object.values(sli).filter(value => value !== undefined).length === 1;
const ONE_SLI = 'an SLI has exactly one of events, raw and plugin';

/** Fields that both forms spell alike. */
const commonOf = (text: TextField) => ({
  alerting: {
    name: absentOrNull(text),
    labels: absentOrNull(textsOf(text)),
    annotations: absentOrNull(textsOf(text)),
  },
  slo: {
    name: text,
    description: absentOrNull(text),
    objective: goNumberField,
    labels: absentOrNull(textsOf(text)),
    plugins: absentOrNull(pluginsOf(text)),
  },
  plugin: z.strictObject({ id: text, options: absentOrNull(textsOf(text)) }),
});

const snake = commonOf(goTextField);

/** `version: prometheus/v1` (pkg/prometheus/api/v1). */
export const PROMETHEUS_V1 = z.strictObject({
  version: z.literal('prometheus/v1'),
  service: goTextField,
  labels: absentOrNull(textsOf(goTextField)),
  slo_plugins: absentOrNull(pluginsOf(goTextField)),
  slos: z
    .array(
      z.strictObject({
        ...snake.slo,
        sli: z
          .strictObject({
            raw: absentOrNull(
              z
                .strictObject({ error_ratio_query: goTextField })
                .transform(raw => ({ errorRatioQuery: raw.error_ratio_query })),
            ),
            events: absentOrNull(
              z
                .strictObject({ error_query: goTextField, total_query: goTextField })
                .transform(events => ({ errorQuery: events.error_query, totalQuery: events.total_query })),
            ),
            plugin: absentOrNull(snake.plugin),
          })
          .refine(isOne, ONE_SLI),
        alerting: absentOrNull(
          z
            .strictObject({
              ...snake.alerting,
              page_alert: absentOrNull(alertOf(goTextField)),
              ticket_alert: absentOrNull(alertOf(goTextField)),
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
  metadata: absentOrNull(
    z.strictObject({
      ...objectMetaShape,
      name: absentOrNull(plain),
      namespace: absentOrNull(plain),
      labels: absentOrNull(textsOf(plain)),
      annotations: absentOrNull(textsOf(plain)),
    }),
  ),
  spec: z.strictObject({
    service: plain,
    labels: absentOrNull(textsOf(plain)),
    sloPlugins: absentOrNull(pluginsOf(plain)),
    slos: z
      .array(
        z.strictObject({
          ...camel.slo,
          sli: z
            .strictObject({
              raw: absentOrNull(z.strictObject({ errorRatioQuery: plain })),
              events: absentOrNull(z.strictObject({ errorQuery: plain, totalQuery: plain })),
              plugin: absentOrNull(camel.plugin),
            })
            .refine(isOne, ONE_SLI),
          alerting: absentOrNull(
            z.strictObject({
              ...camel.alerting,
              pageAlert: absentOrNull(alertOf(plain)),
              ticketAlert: absentOrNull(alertOf(plain)),
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
