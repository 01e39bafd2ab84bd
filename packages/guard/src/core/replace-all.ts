import type { compileRegexp } from './matcher.ts';

type Regexp = ReturnType<typeof compileRegexp>;
type Match = ReturnType<Regexp['matcher']>;

const REFERENCE = /\$(?:(\$)|\{(\w+)\}|(\w+))/g;

/**
 * Fills `$1`, `${1}`, `$name` and `$$` of a replacement as Go's Regexp.Expand does: the longest run of word characters
 * is the name, and a group that does not exist is empty.
 */
export function expandReplacement(replacement: string, regexp: Regexp, match: Match): string {
  if (!replacement.includes('$')) return replacement;
  return replacement.replace(REFERENCE, (_, dollar?: string, braced?: string, bare?: string) =>
    dollar ? '$' : group(regexp, match, (braced ?? bare)!),
  );
}

function group(regexp: Regexp, match: Match, name: string): string {
  if (/^\d+$/.test(name)) {
    const index = Number(name);
    return index <= match.groupCount() ? (match.group(index) ?? '') : '';
  }
  return Object.hasOwn(regexp.namedGroups(), name) ? (match.group(name) ?? '') : '';
}

/** Go's Regexp.ReplaceAllString: an empty match directly behind another match is not one. */
export function replaceAll(regexp: Regexp, text: string, replacement: string): string {
  const match = regexp.matcher(text);
  let result = '';
  let last = 0;
  while (match.find()) {
    result += text.slice(last, match.start());
    if (match.end() > last || match.start() === 0) result += expandReplacement(replacement, regexp, match);
    last = match.end();
  }
  return result + text.slice(last);
}
