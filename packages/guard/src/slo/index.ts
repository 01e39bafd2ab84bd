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
export type { CounterSelector, RatioSli, Slo, SloModel } from './model.ts';
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
export type { Warning, WarningCode } from './warnings.ts';
