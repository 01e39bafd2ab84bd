export { generatePyrra, type PyrraFile, type PyrraOptions } from './compat-pyrra/index.ts';
export { generateSloth, type SlothInput, type SlothOptions } from './compat-sloth/index.ts';
export { DATASOURCE_UID, dashboardJson } from './dashboard.ts';
export { GENERATE_COMMAND, generatedHeader, toYaml } from './header.ts';
export { burnRateSeries, errorSeries, SERIES, totalSeries } from './names.ts';
export { generateRules, type RuleFileOptions, ruleGroups } from './rule-file.ts';
export type { AlertingRule, RecordingRule, RuleGroup } from './rule-types.ts';
export type { RuleSettings } from './settings.ts';
export { generateRuleTests, type RuleTestOptions } from './unit-tests/test-file.ts';
