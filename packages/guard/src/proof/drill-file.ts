import { z } from 'zod';
import { checkShape, durationField, readOneYaml } from '../config/index.ts';

const rate = z.number().min(0).max(1);
const requestRate = z.number().positive().max(1000);

const drillSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]+$/, 'a drill name has lower-case letters, digits and dashes'),
  description: z.string(),
  /** The SLO under proof; its thresholds and objective are read from the stack. */
  slo: z.strictObject({ service: z.string(), name: z.string() }),
  /** Selectors of the gateway's counters: all requests, and the bad ones that "samples scraped" looks at. */
  counters: z.strictObject({ requests: z.string(), errors: z.string() }),
  /** Steady load on the gateway, from before the fault until the end. */
  traffic: z.strictObject({ path: z.string().startsWith('/'), requests_per_second: requestRate }),
  /** Healthy traffic to see first. */
  steady_state: z.strictObject({ duration: durationField }),
  /** What `POST /admin/failmode` of the backend is told. */
  fault: z.strictObject({
    mode: z.enum(['error', 'latency', 'mixed']),
    error_rate: rate.optional(),
    latency_ms: z.number().int().min(0).max(60_000).optional(),
    /** The share of gateway requests that the fault makes bad; for predictions. */
    bad_ratio: rate,
  }),
  expect: z.union([
    z.strictObject({
      /** The alert that must page. */
      page: z.string(),
      /** From the first failing response to the delivered page, at most. */
      within: durationField,
      /** From the removed fault to the delivered resolve notification, at most. */
      resolved_within: durationField,
    }),
    z.strictObject({
      /** How long the fault lasts while nothing may page. */
      silent_for: durationField,
      /** The 5m burn rate that the fault must reach, so that silence proves something. */
      burn_at_least: z.number().positive(),
    }),
  ]),
  /** Alerts that must not reach the receiver at any time of the drill. */
  never: z.array(z.string()).default([]),
});

/** A drill as its file says. Durations in milliseconds. */
export type Drill = z.infer<typeof drillSchema>;

/** @throws UserError with file, line and column of each problem */
export const loadDrill = (file: string, text: string): Drill =>
  checkShape(drillSchema, readOneYaml(file, text));
