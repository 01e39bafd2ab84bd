import type { Labels, Milliseconds } from '../core/index.ts';

export type AlertState = 'inactive' | 'pending' | 'firing';

/** An alert of a rule with what is known of its past. Instants are evaluation times. */
export interface Alert {
  state: AlertState;
  readonly labels: Labels;
  /** Values may be empty. */
  annotations: Labels;
  value: number;
  activeAt: Milliseconds;
  firedAt?: Milliseconds;
  /** Set when inactive. */
  resolvedAt?: Milliseconds;
  lastSentAt?: Milliseconds;
  keepFiringSince?: Milliseconds;
}

/** Alerts by the key of their labels. */
export type Alerts = Map<string, Alert>;

export const ALERTS = 'ALERTS';
export const ALERTS_FOR_STATE = 'ALERTS_FOR_STATE';
export const ALERT_NAME = 'alertname';
export const ALERT_STATE = 'alertstate';
