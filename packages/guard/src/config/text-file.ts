import { readFileSync } from 'node:fs';
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
    const reason = (error as NodeJS.ErrnoException).code ?? error;
    throw new UserError('unreadable-file', `${file} cannot be read: ${reason}`);
  }
}
