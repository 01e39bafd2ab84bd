import type { Milliseconds } from '../core/index.ts';
import type { NotifyReason } from './pipeline/dedupe.ts';

/** One notification, as the console and the drills show it. */
export interface NotificationRecord {
  /** When the last attempt ended. */
  readonly at: Milliseconds;
  readonly receiver: string;
  /** Which of the receiver's configurations: kind and place, `webhook[0]`. */
  readonly integration: string;
  readonly groupKey: string;
  readonly groupLabels: Readonly<Record<string, string>>;
  readonly commonLabels: Readonly<Record<string, string>>;
  readonly status: 'firing' | 'resolved';
  /** Why it was sent. */
  readonly notificationReason: NotifyReason;
  /** Fingerprints of the alerts it tells of. */
  readonly firing: readonly string[];
  readonly resolved: readonly string[];
  /** `retrying` is seen only while the flush lasts and is never stored. */
  readonly outcome: 'delivered' | 'failed' | 'retrying';
  /** At least 1. */
  readonly attempts: number;
  /** What the last failed attempt said, without secrets; null when the first one was delivered. */
  readonly reason: string | null;
}

/**
 * Whether it is one of a steady beat that nobody reads: delivered, and of alerts with the severity `none`. Remembered, they
 * would soon be all that is remembered; one that fails is remembered as any other.
 */
export const isHeartbeat = ({ outcome, commonLabels }: NotificationRecord): boolean =>
  outcome === 'delivered' && commonLabels.severity === 'none';
