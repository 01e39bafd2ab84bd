import type { Problem } from '../core/index.ts';
import type { Warning } from './warnings.ts';

/** Gathers what is wrong and what is suspicious; what several uses of one place find there is told once. */
export interface Reporter {
  problem(problem: Problem): void;
  warning(warning: Warning): void;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Warning[];
}

export function createReporter(): Reporter {
  const told = new Set<string>();
  const problems: Problem[] = [];
  const warnings: Warning[] = [];
  const isNew = ({ code, message, position }: Problem) => {
    const key = JSON.stringify([code, message, position]);
    if (told.has(key)) return false;
    told.add(key);
    return true;
  };
  return {
    problem: problem => void (isNew(problem) && problems.push(problem)),
    warning: warning => void (isNew(warning) && warnings.push(warning)),
    problems,
    warnings,
  };
}
