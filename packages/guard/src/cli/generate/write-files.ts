import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf, UserError } from '../../core/index.ts';
import { textOf } from './plan.ts';

export interface Written {
  /** In the order given: those that were new or differed. */
  readonly changed: readonly string[];
  readonly unchanged: number;
}

/**
 * Writes what differs. Every text is first written beside its place: when one cannot be, none takes its place. A reader
 * sees the old file or the new one, never a part.
 *
 * @throws UserError `unwritable-file`
 */
export function writeFiles(files: ReadonlyMap<string, string>): Written {
  const changed = [...files].filter(([path, text]) => textOf(path) !== text);
  const beside = (path: string) => `${path}.${process.pid}.new`;
  const made: string[] = [];
  try {
    for (const [path, text] of changed) {
      mkdirSync(dirname(path), { recursive: true });
      made.push(beside(path));
      writeFileSync(beside(path), text);
    }
    for (const [path] of changed) renameSync(beside(path), path);
  } catch (error) {
    for (const path of made) rmSync(path, { force: true });
    throw new UserError('unwritable-file', messageOf(error), { remedy: 'nothing else was changed' });
  }
  return { changed: changed.map(([path]) => path), unchanged: files.size - changed.length };
}
