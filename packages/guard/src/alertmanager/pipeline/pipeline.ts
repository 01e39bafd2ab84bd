import type { Flush } from '../aggregation-group.ts';
import type { Alert } from '../alert.ts';
import { dedupeStage } from './dedupe-stage.ts';
import { createDelivery, type Integration, notificationOf } from './delivery.ts';
import { failStage, logStage, unwantedStage } from './log-stage.ts';
import { activeTimesStage, inhibitStage, muteTimesStage, passStage, silenceStage } from './mute-stages.ts';
import { notifyStage } from './notify-stage.ts';
import { note, type PipelineParts } from './parts.ts';

/** Runs one flush through; true when everyone who was to be told has been. */
export type Pipeline = (flush: Flush) => Promise<boolean>;

/**
 * Alertmanager's stages in their order (notify.PipelineBuilder): what mutes alerts for the receiver as a whole, then
 * what each of its integrations goes through on its own. Every stage keeps its reason in the history of the alerts.
 */
export function createPipeline(parts: PipelineParts): Pipeline {
  const mutes = [inhibitStage, activeTimesStage, muteTimesStage, silenceStage].map(stage => stage(parts));
  return async flush => {
    const audible = mutes.reduce((alerts, mute) => passStage(parts, flush, mute, alerts), flush.alerts);
    if (audible.length === 0) return true;
    const integrations = parts.integrationsOf(flush.route.receiver);
    if (integrations.length === 0)
      note(parts, flush, audible, 'not sent', 'the receiver has no configurations');
    const told = await Promise.all(integrations.map(each => deliver(parts, flush, each, audible)));
    return told.every(each => each);
  };
}

/** Deduplicate, notify with retries, log. Alertmanager waits before for its peers: the embedded router has none. */
async function deliver(
  parts: PipelineParts,
  flush: Flush,
  integration: Integration,
  alerts: readonly Alert[],
): Promise<boolean> {
  const delivery = createDelivery(flush, integration, alerts);
  const reason = dedupeStage(parts, delivery);
  if (!reason) return true;
  const notification = notificationOf(delivery, reason, parts);
  if (!notification) return unwantedStage(parts, delivery);
  const outcome = await notifyStage(parts, delivery, notification);
  return outcome.delivered
    ? logStage(parts, delivery, notification, outcome)
    : failStage(parts, delivery, notification, outcome);
}
