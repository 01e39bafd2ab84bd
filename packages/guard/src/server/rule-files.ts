import { dirname, resolve } from 'node:path';
import { expandGlob, readTextFile, type TextFile } from '../config/index.ts';

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
    return isGlob ? expandGlob(resolve(folder, pattern)) : [resolve(folder, pattern)];
  });
  return [...new Set(paths)].map(readTextFile);
}
