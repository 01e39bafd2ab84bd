export {
  budgetDuration,
  budgetSpent,
  burnRate,
  errorBudget,
  errorRatioThreshold,
  highestBurnRate,
  type Objective,
  timeToExhaust,
} from './budget.ts';
export { loadSloFiles, type SloFile } from './load.ts';
export type {
  AbsentAlert,
  Budgeting,
  CalendarUnit,
  CounterSelector,
  Exclusions,
  GaugeSli,
  LatencySli,
  Maintenance,
  NativeLatencySli,
  QueriesSli,
  RatioSli,
  RawRatioSli,
  Sli,
  Slo,
  SloModel,
  TimeWindow,
  WindowedQuery,
} from './model.ts';
export {
  type BurnTier,
  POLICY_NAMES,
  type Policy,
  type PolicyName,
  policyOf,
  type Severity,
  windowsOf,
} from './policies.ts';
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
export { windowLength } from './time-window.ts';
export type { Warning, WarningCode } from './warnings.ts';
