import { type Problem, UserError } from '../core/index.ts';

/** Why a drill does not begin or cannot go on: the stack is not fit for it. Exit code 2. */
export const DRILL_ERRORS = [
  'drill-unreachable',
  'drill-bad-answer',
  'drill-fault-active',
  'drill-alert-active',
  'drill-series-missing',
  'drill-not-steady',
  'drill-fault-refused',
] as const;

/** Why a drill has failed; each failure ends with its code in brackets. Exit code 1. */
export const FAILURES = [
  'hop-broken',
  'bound-broken',
  'page-unwanted',
  'alert-unwanted',
  'never-unknown',
  'receiver-unanswered',
  'silence-empty',
  'fault-not-removed',
] as const;

export type DrillErrorCode = (typeof DRILL_ERRORS)[number];
export type FailureCode = (typeof FAILURES)[number];

export const drillError = (
  code: DrillErrorCode,
  message: string,
  details: Omit<Problem, 'code' | 'message'> = {},
): UserError => new UserError(code, message, details);

/** A failure as reports hold it: what happened, and the code that docs/troubleshooting.md lists. */
export const failure = (code: FailureCode, message: string): string => `${message} [${code}]`;
