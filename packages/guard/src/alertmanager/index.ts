export type { AlertWait } from './alert-wait.ts';
export {
  type Alertmanager,
  type AlertmanagerOptions,
  createAlertmanager,
  type StatusView,
} from './alertmanager.ts';
export type {
  AlertmanagerConfig,
  InhibitRuleConfig,
  ReceiverConfig,
  RouteConfig,
} from './config.ts';
export { createEmbeddedSender } from './embedded-sender.ts';
export type { HistoryEntry } from './history.ts';
export { loadAlertmanagerConfig } from './load-config.ts';
export { parseMatcher } from './matchers.ts';
export type { NotificationRecord } from './notification-record.ts';
export type { FailureCategory, Notifier, NotifyResult } from './notifier.ts';
export type { PayloadAlert, WebhookPayload } from './payload.ts';
export type { NotifyReason } from './pipeline/dedupe.ts';
export type { PostableAlert, PutResult } from './postable-alert.ts';
export { createRoutingTree, matchRoutes, type Route } from './route.ts';
export {
  DEFAULT_SILENCE_LIMITS,
  type PostableSilence,
  type SilenceLimits,
  type SilenceMatcher,
  type SilenceState,
  type Silences,
  type StoredSilence,
} from './silences.ts';
export type { AlertFilter, AlertState, AlertView, GroupView } from './views.ts';
