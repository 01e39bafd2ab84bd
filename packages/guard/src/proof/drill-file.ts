import { z } from 'zod';
import { checkShape, durationField, readOneYaml } from '../config/index.ts';
import { formatDuration, type Milliseconds, messageOf } from '../core/index.ts';
import { parseExpr } from '../promql/index.ts';

const MINUTE: Milliseconds = 60_000;
/** The backend lends a fault for two hours at most; what surrounds it needs a few minutes of that. */
const MAX_FAULT: Milliseconds = 110 * MINUTE;
const MAX_STEADY: Milliseconds = 60 * MINUTE;
/** A request that takes longer has failed anyhow. */
const MAX_SLOWNESS: Milliseconds = 5_000;
const MAX_REQUEST_RATE = 1000;
const MAX_NEVER = 100;

const ratio = z.number().min(0).max(1);
const text = z.string().min(1).max(200);

const durationUpTo = (max: Milliseconds, min: Milliseconds = 1000) =>
  durationField.refine(
    value => value >= min && value <= max,
    `must be ${formatDuration(min)} to ${formatDuration(max)}`,
  );

/** PromQL that parses; anything but a selector is refused where `increase` needs one. */
const promql = (onlySelector: boolean) =>
  z.string().superRefine((source, context) => {
    try {
      if (parseExpr(source).type === 'vector' || !onlySelector) return;
      context.addIssue(`${JSON.stringify(source)} is not a selector such as requests_total{job="a"}`);
    } catch (error) {
      context.addIssue(messageOf(error));
    }
  });

/** A fault that must page. */
const pageExpectation = z.strictObject({
  /** The alert that must page. */
  page: text,
  /** From the first failing response to the delivered page, at most. */
  within: durationUpTo(MAX_FAULT),
  /** From the removed fault to the delivered resolve notification, at most. */
  resolved_within: durationUpTo(24 * 60 * MINUTE),
});

/** A fault that must stay silent. */
const silenceExpectation = z.strictObject({
  /** How long the fault lasts while nothing may page. */
  silent_for: durationUpTo(MAX_FAULT),
  /** The burn rate over the page's short window that must be reached, so that the silence proves something. */
  burn_at_least: z.number().positive(),
});

const drillSchema = z.strictObject({
  name: z
    .string()
    .max(100)
    .regex(/^[a-z0-9-]+$/, 'a drill name has lower-case letters, digits and dashes'),
  description: z.string().max(1000),
  /** The SLO under proof; its thresholds and objective are read from the stack. */
  slo: z.strictObject({ service: text, name: text }),
  /** The gateway's counters: a selector of all requests, and the bad ones that "samples scraped" looks at. */
  counters: z.strictObject({ requests: promql(true), errors: promql(false) }),
  /** Steady load on the gateway, from before the fault until the end. */
  traffic: z.strictObject({
    path: z.string().startsWith('/').max(2000),
    requests_per_second: z.number().positive().max(MAX_REQUEST_RATE),
    /** An answer that takes longer is a failing one, for objectives of latency. */
    slow_after: durationUpTo(MAX_SLOWNESS, 1).optional(),
  }),
  /** Healthy traffic to see first. */
  steady_state: z.strictObject({ duration: durationUpTo(MAX_STEADY) }),
  /** What `POST /admin/failmode` of the backend is told. */
  fault: z.strictObject({
    mode: z.enum(['error', 'latency', 'mixed']),
    error_rate: ratio.optional(),
    latency_ms: z.number().int().min(0).max(60_000).optional(),
    /** The share of gateway requests that the fault makes bad; for predictions. */
    bad_ratio: z.number().gt(0).max(1),
  }),
  expect: z.unknown(),
  /** Alerts that must not reach the receiver at any time of the drill. */
  never: z.array(text).max(MAX_NEVER).default([]),
  /** Services that one trace must join as parent and children, the first one at its root side. */
  traces: z.array(text).min(2).max(20).optional(),
});
const pageDrill = drillSchema.extend({ expect: pageExpectation });
const silentDrill = drillSchema.extend({ expect: silenceExpectation });

export type PageExpectation = z.infer<typeof pageExpectation>;
export type SilenceExpectation = z.infer<typeof silenceExpectation>;
/** A drill as its file says. Durations in milliseconds. */
export type Drill = z.infer<typeof pageDrill> | z.infer<typeof silentDrill>;

/** @throws UserError with file, line and column of each problem */
export function loadDrill(file: string, source: string): Drill {
  const document = readOneYaml(file, source);
  return isSilent(document.value) ? checkShape(silentDrill, document) : checkShape(pageDrill, document);
}

/** Which of the two a file means to be, so that errors speak of that one alone. */
function isSilent(value: unknown): boolean {
  const expect = (value as { expect?: unknown } | null)?.expect;
  return typeof expect === 'object' && expect !== null && !('page' in expect) && 'silent_for' in expect;
}
