import type { LintCode } from './codes.ts';

/** What a check found at one objective, before it has a place in a file. */
export interface Fault {
  readonly code: LintCode;
  readonly message: string;
  readonly remedy: string;
  /** The text of the file that is at fault; where it does not stand there, the objective's name is pointed at. */
  readonly at?: string;
}
