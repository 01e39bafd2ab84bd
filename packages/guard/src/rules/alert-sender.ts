import type { Labels, Milliseconds } from '../core/index.ts';

/** An alert as a rule hands it on: never pending. */
export interface OutgoingAlert {
  /** With `alertname` and the rule's labels; external ones are the sender's to add. */
  readonly labels: Labels;
  /** Values may be empty. */
  readonly annotations: Labels;
  /** When it began to fire. */
  readonly startsAt: Milliseconds;
  /** Resolved alerts: when it resolved, in the past. Firing ones: until when it holds if nothing more is heard. */
  readonly endsAt: Milliseconds;
  readonly generatorUrl: string;
}

/** Takes alerts without waiting; delivery, queueing and counting of drops are the sender's. Repeats are normal. */
export interface AlertSender {
  send(alerts: readonly OutgoingAlert[]): void;
}
