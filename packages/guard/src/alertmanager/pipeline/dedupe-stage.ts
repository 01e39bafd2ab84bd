import { dedupe, type NotifyReason } from './dedupe.ts';
import type { Delivery } from './delivery.ts';
import { note, type PipelineParts } from './parts.ts';

/** Why the integration must be told; undefined, and noted, when it knows all that there is. */
export function dedupeStage(parts: PipelineParts, delivery: Delivery): NotifyReason | undefined {
  const { flush, integration, key, firing, resolved } = delivery;
  const decision = dedupe({
    entry: parts.log.find(key),
    interrupted: parts.log.isInterrupted(key),
    firing,
    resolved,
    sendResolved: integration.sendResolved,
    repeatInterval: flush.route.repeatInterval,
    now: flush.now,
  });
  if (decision.send) return decision.reason;
  note(parts, flush, delivery.alerts, 'not sent', decision.reason);
  return undefined;
}
