import type { Problem } from '../core/index.ts';

/** Valid, yet probably not what was meant. */
export type WarningCode =
  | 'alert-inside-budget'
  | 'not-carried-over'
  | 'single-window'
  | 'tight-threshold'
  | 'unreachable-threshold'
  | 'unused-field';

export interface Warning extends Problem {
  readonly code: WarningCode;
}
