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
 * as Prometheus compiles them (`^(?s:…)$`).
 *
 * @throws UserError `bad-regexp`
 */
export function compileAnchoredRegexp(pattern: string): (text: string) => boolean {
  const compiled = compileRegexp(`^(?s:${pattern})$`, pattern);
  return text => compiled.matcher(text).matches();
}

/** Compiles RE2 syntax. @throws UserError `bad-regexp` naming `shown`, the pattern as the user wrote it. */
export function compileRegexp(pattern: string, shown: string = pattern): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    throw new UserError(
      'bad-regexp',
      `invalid regular expression ${JSON.stringify(shown)}: ${error.message}`,
    );
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
