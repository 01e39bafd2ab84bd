export type { Alert, AlertState } from './alert.ts';
export type { AlertSender, OutgoingAlert } from './alert-sender.ts';
export type { ActiveAlert, GroupView, RuleView } from './group-view.ts';
export { humanizeDuration, toNumber } from './humanize.ts';
export { type LoadOptions, loadRuleFile } from './load.ts';
export {
  createRuleManager,
  type RuleManager,
  type RuleManagerOptions,
  type RuleSettings,
} from './manager.ts';
export { createRuleQuery, type RuleQuery, type RuleSample } from './query.ts';
export type { AlertingRule, RecordingRule, Rule, RuleFile, RuleGroup } from './rule-file.ts';
export type { RuleState } from './rule-state.ts';
export { createRuleStepper, type RuleStepper, type RuleStepperOptions } from './rule-stepper.ts';
export { TEMPLATE_FUNCTION_NAMES } from './template-functions.ts';
export { toLower, toTitle, toUpper } from './title-case.ts';
