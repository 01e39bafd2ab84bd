import { z } from 'zod';

const texts = z.array(z.string());

/** An alert of `GET /api/v2/alerts`, as far as a test page looks at it. */
const ROUTER_ALERT = z.object({
  fingerprint: z.string(),
  /** RFC 3339. */
  startsAt: z.string(),
  labels: z.record(z.string(), z.string()),
  receivers: z.array(z.object({ name: z.string() })),
  status: z.object({ silencedBy: texts, inhibitedBy: texts, mutedBy: texts.optional() }),
});
export type RouterAlert = Readonly<z.infer<typeof ROUTER_ALERT>>;
export const ROUTER_ALERTS = z.array(ROUTER_ALERT);

/** One decision about the alert, as the embedded router keeps them. */
const DECISION = z.object({
  at: z.string(),
  receiver: z.string(),
  decision: z.enum(['sent', 'not sent', 'failed']),
  reason: z.string(),
});
export type Decision = Readonly<z.infer<typeof DECISION>>;
export const HISTORY = z.object({ decisions: z.array(DECISION) });

/** Of `GET /api/v2/status`: the configuration's text, with secrets hidden. */
export const STATUS = z.object({ config: z.object({ original: z.string() }) });
