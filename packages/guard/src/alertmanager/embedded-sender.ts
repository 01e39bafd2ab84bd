import { type Logger, messageOf } from '../core/index.ts';
import type { AlertSender, OutgoingAlert } from '../rules/alert-sender.ts';
import type { Alertmanager } from './alertmanager.ts';
import type { PostableAlert } from './postable-alert.ts';

/** Hands the rules' alerts to the router in the same process; they are durable when `send` returns. */
export function createEmbeddedSender(alertmanager: Pick<Alertmanager, 'put'>, logger: Logger): AlertSender {
  return {
    send(alerts) {
      try {
        const { invalid } = alertmanager.put(alerts.map(postableOf));
        for (const { index, message } of invalid)
          logger.error({ labels: alerts[index]?.labels.toString(), message }, 'the router refused an alert');
      } catch (error) {
        logger.error({ reason: messageOf(error), alerts: alerts.length }, 'alerts could not be routed');
      }
    },
  };
}

const postableOf = (alert: OutgoingAlert): PostableAlert => ({
  labels: alert.labels.toObject(),
  annotations: alert.annotations.toObject(),
  startsAt: alert.startsAt,
  endsAt: alert.endsAt,
  generatorUrl: alert.generatorUrl,
});
