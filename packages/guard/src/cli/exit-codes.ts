/** What the command's exit code says. */
export const EXIT = {
  good: 0,
  /** The answer is "no": a drill failed, files differ. */
  no: 1,
  /** Wrong use or bad input. */
  wrongUse: 2,
  /** Ended by Ctrl-C, as shells count it. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
