import { z } from 'zod';

const text = z.record(z.string(), z.string());

const alert = z.object({
  status: z.enum(['firing', 'resolved']),
  labels: text,
  annotations: text.default({}),
  startsAt: z.iso.datetime({ offset: true }),
  endsAt: z.iso.datetime({ offset: true }),
  generatorURL: z.string().default(''),
  fingerprint: z.string().min(1),
});

/** Alertmanager's webhook, version 4; fields that newer versions add are let through. */
const webhook = z.object({
  version: z.literal('4'),
  status: z.enum(['firing', 'resolved']),
  receiver: z.string(),
  groupKey: z.string(),
  alerts: z.array(alert),
});

export type WebhookAlert = z.infer<typeof alert>;
export type WebhookPayload = z.infer<typeof webhook>;

/** Either the payload or the reason why it is none. */
export type ParsedPayload =
  | { readonly ok: true; readonly payload: WebhookPayload }
  | { readonly ok: false; readonly reason: string };

export function parseWebhook(body: unknown): ParsedPayload {
  const result = webhook.safeParse(body);
  if (result.success) return { ok: true, payload: result.data };
  const reasons = result.error.issues
    .slice(0, 5)
    .map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`);
  return { ok: false, reason: `not an Alertmanager webhook of version 4: ${reasons.join('; ')}` };
}
