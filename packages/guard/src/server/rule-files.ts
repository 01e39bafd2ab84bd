import { globSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UserError } from '../core/index.ts';

/** A configuration file's name as given, and its text. */
export interface TextFile {
  readonly file: string;
  readonly text: string;
}

/** @throws UserError `unreadable-file` */
export function readTextFile(file: string): TextFile {
  try {
    return { file, text: readFileSync(file, 'utf8') };
  } catch (error) {
    throw new UserError(
      'unreadable-file',
      `${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? error}`,
    );
  }
}

/**
 * The rule files that a Prometheus configuration names by path or glob, relative to its own folder; each once, sorted
 * within its pattern. A glob that matches nothing is allowed, as in Prometheus; a plain path must exist.
 *
 * @throws UserError `unreadable-file`
 */
export function readRuleFiles(configFile: string, patterns: readonly string[]): TextFile[] {
  const folder = dirname(resolve(configFile));
  const paths = patterns.flatMap(pattern => {
    const isGlob = /[*?[\]]/.test(pattern);
    return isGlob
      ? globSync(pattern, { cwd: folder })
          .map(path => resolve(folder, path))
          .sort()
      : [resolve(folder, pattern)];
  });
  return [...new Set(paths)].map(readTextFile);
}
