import { z } from 'zod';

// What a drill reads of the standard APIs. Fields that are not read are let through, whatever they are.

const labels = z.record(z.string(), z.string());
const envelope = <T extends z.ZodType>(data: T) => z.object({ data });

export const promVector = envelope(
  z.object({ result: z.array(z.object({ metric: labels, value: z.tuple([z.number(), z.string()]) })) }),
);

export const promAlerts = envelope(
  z.object({ alerts: z.array(z.object({ labels, state: z.enum(['pending', 'firing', 'inactive']) })) }),
);

export const promRules = envelope(
  z.object({
    groups: z.array(
      z.object({
        name: z.string(),
        file: z.string(),
        /** Seconds. */
        interval: z.number(),
        rules: z.array(
          z.object({
            name: z.string(),
            type: z.enum(['alerting', 'recording']),
            health: z.string(),
            lastError: z.string().optional(),
            labels: labels.optional(),
          }),
        ),
      }),
    ),
  }),
);

export const promTargets = envelope(
  z.object({
    activeTargets: z.array(
      z.object({
        labels,
        scrapeUrl: z.string(),
        health: z.string(),
        lastError: z.string(),
        scrapeInterval: z.string().optional(),
      }),
    ),
  }),
);

export const promAlertmanagers = envelope(
  z.object({ activeAlertmanagers: z.array(z.object({ url: z.string() })) }),
);

/** Alertmanager's API v2. */
export const routedAlerts = z.array(
  z.object({
    labels,
    receivers: z.array(z.object({ name: z.string() })),
    status: z.object({
      state: z.string(),
      silencedBy: z.array(z.string()),
      inhibitedBy: z.array(z.string()),
      /** Time intervals; absent before Alertmanager 0.28. */
      mutedBy: z.array(z.string()).default([]),
    }),
  }),
);

export const routerStatus = z.object({ config: z.object({ original: z.string() }) });

/** The webhook receiver's list; the time is Unix milliseconds of its own clock. */
export const receivedNotifications = z.object({
  notifications: z.array(
    z.object({ status: z.enum(['firing', 'resolved']), labels, firstReceivedAt: z.number() }),
  ),
});

export const faultState = z.object({ mode: z.string(), error_rate: z.number(), latency_ms: z.number() });

export const jaegerTraces = envelope(
  z.array(
    z.object({
      traceID: z.string(),
      spans: z.array(
        z.object({
          spanID: z.string(),
          processID: z.string(),
          references: z.array(z.object({ refType: z.string(), spanID: z.string() })).optional(),
        }),
      ),
      processes: z.record(z.string(), z.object({ serviceName: z.string() })),
    }),
  ),
);

export type PromSample = z.infer<typeof promVector>['data']['result'][number];
export type PromAlert = z.infer<typeof promAlerts>['data']['alerts'][number];
export type PromRuleGroup = z.infer<typeof promRules>['data']['groups'][number];
export type PromTarget = z.infer<typeof promTargets>['data']['activeTargets'][number];
export type RoutedAlert = z.infer<typeof routedAlerts>[number];
export type ReceivedNotification = z.infer<typeof receivedNotifications>['notifications'][number];
export type FaultState = z.infer<typeof faultState>;
export type JaegerTrace = z.infer<typeof jaegerTraces>['data'][number];
