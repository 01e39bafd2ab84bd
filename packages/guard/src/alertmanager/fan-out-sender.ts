import type { AlertSender } from '../rules/alert-sender.ts';

/** Hands every batch to each sender. One that throws does not keep the others from theirs; its error follows after. */
export function createFanOutSender(senders: readonly AlertSender[]): AlertSender {
  return {
    send(alerts) {
      const errors: unknown[] = [];
      for (const sender of senders) {
        try {
          sender.send(alerts);
        } catch (error) {
          errors.push(error);
        }
      }
      if (errors.length > 0) throw new AggregateError(errors, 'alerts could not be handed to every router');
    },
  };
}
