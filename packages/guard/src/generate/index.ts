export { generateSloth, type SlothInput, type SlothOptions } from './compat-sloth/index.ts';
export { DATASOURCE_UID, dashboardJson } from './dashboard.ts';
export { burnRateSeries, SERIES } from './names.ts';
export {
  GENERATE_COMMAND,
  generatedHeader,
  generateRules,
  type RuleFileOptions,
  toYaml,
} from './rule-file.ts';
export type { AlertingRule, RecordingRule, RuleGroup } from './rule-types.ts';
export type { SloRuleOptions } from './slo-rules.ts';
