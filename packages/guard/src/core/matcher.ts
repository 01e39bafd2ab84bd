import { RE2JS, RE2JSException } from 're2js';
import { UserError } from './errors.ts';

export type MatchOperator = '=' | '!=' | '=~' | '!~';

/** A condition on one label; an absent label has the value ''. */
export interface Matcher {
  readonly name: string;
  readonly operator: MatchOperator;
  readonly value: string;
  matches(value: string): boolean;
  /** `name="value"`, as Prometheus prints it. */
  toString(): string;
}

/**
 * A user's regular expression in RE2 syntax, matched in linear time. Anchored at both ends, and `.` matches newlines,
 * as in Prometheus's matchers.
 *
 * @throws UserError `bad-regexp`
 */
export function compileAnchoredRegexp(pattern: string): (text: string) => boolean {
  const compiled = compileRegexp(pattern, { flags: RE2JS.DOTALL });
  return text => compiled.matcher(text).matches();
}

/**
 * Compiles RE2 syntax. @throws UserError `bad-regexp` naming `shown`, the pattern as the user wrote it; its `cause` is
 * the library's error, which words it as Go does.
 */
export function compileRegexp(
  pattern: string,
  { shown = pattern, flags = 0 }: { readonly shown?: string; readonly flags?: number } = {},
): RE2JS {
  try {
    return RE2JS.compile(pattern, flags);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    // The library shows flags as part of the pattern.
    if (flags !== 0) return compileRegexp(pattern, { shown });
    const message = `invalid regular expression ${JSON.stringify(shown)}: ${error.message}`;
    throw Object.assign(new UserError('bad-regexp', message), { cause: error });
  }
}

/** @throws UserError `bad-regexp` */
export function createMatcher(name: string, operator: MatchOperator, value: string): Matcher {
  return {
    name,
    operator,
    value,
    matches: testFor(operator, value),
    toString: () => `${name}${operator}${JSON.stringify(value)}`,
  };
}

function testFor(operator: MatchOperator, value: string): (text: string) => boolean {
  switch (operator) {
    case '=':
      return text => text === value;
    case '!=':
      return text => text !== value;
    case '=~':
      return compileAnchoredRegexp(value);
    case '!~': {
      const test = compileAnchoredRegexp(value);
      return text => !test(text);
    }
  }
}
