import { dirname } from 'node:path';
import { expandGlob, readTextFile, relativeTo, type TextFile } from '../config/index.ts';

/**
 * The rule files that a Prometheus configuration names by path or glob, relative to its own folder, in the order in which
 * Prometheus reads them; each once. A glob that matches nothing is allowed, as in Prometheus; a plain path must exist.
 *
 * @throws UserError `unreadable-file`
 */
export function readRuleFiles(configFile: string, patterns: readonly string[]): TextFile[] {
  const paths = patterns
    .map(pattern => relativeTo(dirname(configFile), pattern))
    .flatMap(path => (/[*?[\]\\]/.test(path) ? expandGlob(path) : [path]));
  return [...new Set(paths)].map(readTextFile);
}
