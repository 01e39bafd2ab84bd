import {
  compareStrings,
  compileRegexp,
  createMatcher,
  goQuote,
  type Labels,
  type Matcher,
  messageOf,
  UserError,
} from '../core/index.ts';
import type { MatcherParts } from './matcher-parts.ts';
import { parseClassicMatcher, parseClassicMatchers } from './matchers-classic.ts';
import { parseUtf8Matchers } from './matchers-utf8.ts';

const OPERATOR_ORDER = ['=', '!=', '=~', '!~'];

/**
 * Reads `foo="bar", baz=~"a|b"`, braces optional, as Alertmanager without feature flags does: in the UTF-8 form,
 * falling back to the classic one, which also wins where both read the text but differ.
 *
 * @throws UserError `bad-matcher`, `bad-regexp`
 */
export function parseMatchers(text: string): Matcher[] {
  return readParts(text).map(({ name, operator, value }) => createMatcher(name, operator, value));
}

function readParts(text: string): MatcherParts[] {
  const utf8 = attempt(() => parseUtf8Matchers(text));
  const classic = attempt(() => parseClassicMatchers(text));
  if ('parts' in classic) {
    const agree = 'parts' in utf8 && JSON.stringify(utf8.parts) === JSON.stringify(classic.parts);
    return agree ? utf8.parts : classic.parts;
  }
  if ('parts' in utf8) return utf8.parts;
  throw new UserError('bad-matcher', `${JSON.stringify(text)} is not a matcher: ${messageOf(utf8.error)}`, {
    remedy: 'write name="value", with one of =, !=, =~ and !~ and the value in double quotes',
  });
}

/**
 * Reads one matcher without braces, as API v2 takes it for a filter: what follows the operator is all its value.
 *
 * @throws UserError `bad-matcher` in Alertmanager's words, `bad-regexp`
 */
export function parseMatcher(text: string): Matcher {
  const refuse = (message: string): never => {
    throw new UserError('bad-matcher', message);
  };
  if (text.startsWith('{') || text.endsWith('}')) refuse(`unexpected open or close brace: ${text}`);
  const classic = attempt(() => [parseClassicMatcher(text)]);
  const utf8 = attempt(() => parseUtf8Matchers(text));
  const parts = 'parts' in classic ? classic.parts : 'parts' in utf8 ? utf8.parts : [];
  const [one, ...others] = parts;
  if (!one || others.length > 0) return refuse('error' in classic ? messageOf(classic.error) : text);
  if (one.operator.endsWith('~')) checkAnchored(one.value);
  return createMatcher(one.name, one.operator, one.value);
}

/** Alertmanager names the pattern with its anchors. @throws UserError `bad-regexp` */
function checkAnchored(pattern: string): void {
  try {
    compileRegexp(`^(?:${pattern})$`);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError('bad-regexp', messageOf(error.cause));
  }
}

function attempt(read: () => MatcherParts[]): { parts: MatcherParts[] } | { error: unknown } {
  try {
    return { parts: read() };
  } catch (error) {
    return { error };
  }
}

/** The order in which matchers stand in a route's key: by name, value, operator. */
export function sortMatchers(matchers: readonly Matcher[]): Matcher[] {
  return matchers.toSorted(
    (a, b) =>
      compareStrings(a.name, b.name) ||
      compareStrings(a.value, b.value) ||
      OPERATOR_ORDER.indexOf(a.operator) - OPERATOR_ORDER.indexOf(b.operator),
  );
}

const RESERVED = /[\s{}!=~,\\"'`]/;

/** `{a="b",c=~"d"}`, as a route's key shows them. */
export function formatMatchers(matchers: readonly Matcher[]): string {
  return `{${matchers.map(formatMatcher).join(',')}}`;
}

function formatMatcher({ name, operator, value }: Matcher): string {
  if (RESERVED.test(name)) return goQuote(name) + operator + goQuote(value);
  const escaped = value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
  return `${name}${operator}"${escaped}"`;
}

/** Whether every matcher holds; of none, true. An absent label has the value ''. */
export function matchesAll(matchers: readonly Matcher[], labels: Labels): boolean {
  return matchers.every(matcher => matcher.matches(labels.get(matcher.name)));
}
