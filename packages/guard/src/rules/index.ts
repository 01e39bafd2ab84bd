export type { AlertSender, OutgoingAlert } from './alert-sender.ts';
export type { AlertState } from './alerting.ts';
export { loadRuleFile } from './load.ts';
export {
  type ActiveAlert,
  createRuleManager,
  type GroupView,
  type RuleManager,
  type RuleManagerOptions,
  type RuleView,
} from './manager.ts';
export { createRuleQuery, type RuleQuery, type RuleSample } from './query.ts';
export type { AlertingRule, RecordingRule, Rule, RuleFile, RuleGroup } from './rule-file.ts';
