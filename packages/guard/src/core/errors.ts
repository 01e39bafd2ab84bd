/** Where in a user's file a problem is. Lines and columns count from 1. */
export interface Position {
  readonly file?: string;
  readonly line: number;
  readonly column: number;
}

/** One thing wrong with what a user gave. */
export interface Problem {
  /** Stable, kebab-case; what documentation and tests name. */
  readonly code: string;
  readonly message: string;
  readonly position?: Position;
  /** The offending line with a caret below. */
  readonly excerpt?: string;
  /** What to do about it. */
  readonly remedy?: string;
}

/** `file:line:column: message [code]`, then the excerpt and the remedy. */
export function formatProblem({ code, message, position, excerpt, remedy }: Problem): string {
  const place = position
    ? `${position.file ? `${position.file}:` : ''}${position.line}:${position.column}: `
    : '';
  return [`${place}${message} [${code}]`, excerpt, remedy && `  remedy: ${remedy}`]
    .filter(Boolean)
    .join('\n');
}

/** A user's mistake, told whole. Broken invariants of our own throw plain errors that begin with `BUG:`. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly problems: readonly Problem[];

  constructor(code: string, message: string, details: Omit<Problem, 'code' | 'message'> = {}) {
    const problem: Problem = { code, message, ...details };
    super(formatProblem(problem));
    this.problems = [problem];
  }

  /** Several problems at once; at least one. */
  static ofProblems(problems: readonly [Problem, ...Problem[]]): UserError {
    const [first] = problems;
    const error = new UserError(first.code, first.message, first);
    error.message = problems.map(formatProblem).join('\n');
    Object.defineProperty(error, 'problems', { value: problems });
    return error;
  }

  get code(): string {
    return this.problems[0]!.code;
  }
}

/** For `default:` of a switch over a union: does not compile when a case is forgotten. */
export function unreachable(value: never): never {
  throw new Error(`BUG: unexpected ${JSON.stringify(value)}`);
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
