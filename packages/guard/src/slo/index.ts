export { type Position, type Problem, UserError } from '../core/index.ts';
export {
  budgetDuration,
  budgetEvents,
  budgetSpent,
  burnRate,
  errorBudget,
  errorRatioThreshold,
  highestBurnRate,
  type Objective,
  timeToExhaust,
} from './budget.ts';
export { calendarWindow, type Interval, NATURAL_ANCHOR } from './calendar.ts';
export { type Level, LINT_CODE_NAMES, LINT_CODES, type LintCode } from './checks/codes.ts';
export { totalRateOf } from './checks/counters.ts';
export { type Finding, type LintOptions, type LintReport, lintModel } from './checks/lint-model.ts';
export type { LiveMetrics } from './checks/live.ts';
export type { Compat } from './checks/model-checks.ts';
export type { Routing } from './checks/route-checks.ts';
export { type Span, type Stretch, spansAbove } from './course.ts';
export { type Explanation, explainSlo } from './explain/explain.ts';
export { type JsonSchema, jsonSchemaOf, SCHEMA_NAMES, type SchemaName } from './json-schema.ts';
export { firingSpans, type Incident, judgePolicy, type Trial, type Verdict } from './judge.ts';
export { type LoadOptions, loadSloFiles, type SloFile } from './load.ts';
export { failuresToFire, leastEvents, leastRate, recommendedMinimumEvents } from './low-traffic.ts';
export type {
  AbsentAlert,
  Budgeting,
  CalendarUnit,
  CalendarWindow,
  CounterSelector,
  Exclusions,
  GaugeSli,
  LatencySli,
  Maintenance,
  NativeLatencySli,
  NotificationTarget,
  QueriesSli,
  RatioSli,
  RawRatioSli,
  Sli,
  Slo,
  SloModel,
  TimeWindow,
  WindowedQuery,
} from './model.ts';
export { writeOpenSlo } from './openslo/write.ts';
export { type BurnTier, type Policy, type Scaling, type Severity, windowsOf } from './policies/policy.ts';
export {
  createPolicyBook,
  POLICY_NAMES,
  type PolicyBook,
  type PolicyName,
  policyOf,
} from './policies/policy-book.ts';
export { readPolicyFile } from './policies/policy-file.ts';
export { scalePolicy } from './policies/scale.ts';
export {
  type Bounds,
  type Detection,
  type DetectionCase,
  notifiedAfter,
  type PipelineDelays,
  predictDetection,
  predictReset,
  type Reset,
  type ResetCase,
  resolvedAfter,
} from './predict.ts';
export {
  absentAfter,
  type PyrraAlerting,
  type PyrraIndicator,
  type PyrraMatcher,
  type PyrraMetric,
  type PyrraObjective,
  type PyrraSeverities,
  type PyrraWindow,
  readPyrraInputs,
  windowsFor,
} from './pyrra/index.ts';
export {
  type AlertWindow,
  type AlertWindows,
  BUILT_IN_WINDOWS,
  burnFactor,
  compileQuery,
  hoursOf,
  readAlertWindows,
  readSlothInputs,
  type SlothAlert,
  type SlothForm,
  type SlothMetadata,
  type SlothOpenSlo,
  type SlothSli,
  type SlothSlo,
  type SlothSpec,
} from './sloth/index.ts';
export { windowLength } from './time-window.ts';
export type { Warning, WarningCode } from './warnings.ts';
