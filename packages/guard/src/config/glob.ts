import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { compareStrings, compileRegexp } from '../core/index.ts';

/** What Go's filepath.Glob treats as a pattern rather than as a path. */
const SPECIAL = /[*?[\\]/;

/**
 * The paths that match a pattern as Go's filepath.Glob finds them: `*` and `?` stay within a name and take hidden files
 * too, `[a-z]` and `[^a]` are classes, and a backslash takes away a character's meaning. Sorted within each folder;
 * empty when there are none, or when a folder cannot be read. Those of a relative pattern are relative.
 */
export function expandGlob(pattern: string): string[] {
  const parent = dirname(pattern);
  if (parent === pattern) return [pattern];
  const folders = SPECIAL.test(parent) ? expandGlob(parent) : [parent];
  const matches = matcherOf(basename(pattern));
  return folders.flatMap(folder =>
    namesIn(folder)
      .filter(matches)
      .map(entry => join(folder, entry)),
  );
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort(compareStrings);
  } catch {
    return [];
  }
}

function matcherOf(pattern: string): (name: string) => boolean {
  const regexp = compileRegexp(`^(?s:${pattern.replace(TOKEN, translate)})$`, { shown: pattern });
  return name => regexp.matcher(name).find();
}

/** A class, an escaped character, or any other character. */
const TOKEN = /\[(\^?)((?:\\.|[^\]\\])+)\]|\\(.)|./gsu;

function translate(token: string, negated?: string, members?: string, escaped?: string): string {
  if (members !== undefined) return `[${negated}${members.replace(/[[&~]/g, '\\$&')}]`;
  if (escaped !== undefined) return literal(escaped);
  if (token === '*') return '.*';
  return token === '?' ? '.' : literal(token);
}

const literal = (character: string) =>
  /[\w\s]/.test(character) ? character : `\\x{${character.codePointAt(0)!.toString(16)}}`;
