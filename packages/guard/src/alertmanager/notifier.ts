import type { Notification } from './notification.ts';
import type { Memory } from './notification-log.ts';

/** Alertmanager's categories of failures, the label `reason` of `alertmanager_notifications_failed_total`. */
export const FAILURE_CATEGORIES = [
  'other',
  'clientError',
  'serverError',
  'contextCanceled',
  'contextDeadlineExceeded',
  'authError',
  'rateLimited',
] as const;
export type FailureCategory = (typeof FAILURE_CATEGORIES)[number];

/** What became of one attempt; `reason` is for people and free of secrets. */
export type NotifyResult =
  | {
      readonly outcome: 'delivered';
      readonly reason: string;
      /** What to hand to the next notification of the same group; what was handed to this one by default. */
      readonly remember?: Memory;
    }
  | {
      /** `retry`: may succeed later. `failed`: not within this flush. */
      readonly outcome: 'retry' | 'failed';
      readonly reason: string;
      readonly category?: FailureCategory;
    };

/**
 * Brings a notification to one receiver. Does not throw; gives up when the signal is aborted, and leaves nothing attached
 * to it.
 */
export interface Notifier {
  /** @param memory what an earlier notification of the same group asked to remember; empty for the first one */
  notify(notification: Notification, signal: AbortSignal, memory: Memory): Promise<NotifyResult>;
}
