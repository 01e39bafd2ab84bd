import type { Notification } from './notification.ts';

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
  | { readonly outcome: 'delivered'; readonly reason: string }
  | {
      /** `retry`: may succeed later. `failed`: not within this flush. */
      readonly outcome: 'retry' | 'failed';
      readonly reason: string;
      readonly category?: FailureCategory;
    };

/** Brings a notification to one receiver. Does not throw; gives up when the signal is aborted. */
export interface Notifier {
  notify(notification: Notification, signal: AbortSignal): Promise<NotifyResult>;
}
