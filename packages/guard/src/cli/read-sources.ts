import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../core/index.ts';

/** A file's name as given, and its text. */
export interface TextFile {
  readonly file: string;
  readonly text: string;
}

/** @throws UserError `unreadable-file` */
export function readText(file: string): TextFile {
  try {
    return { file, text: readFileSync(file, 'utf8') };
  } catch (error) {
    throw new UserError(
      'unreadable-file',
      `${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? error}`,
    );
  }
}

/** A file, or every `.yaml` and `.yml` of a folder and its subfolders, sorted. @throws UserError `unreadable-file`, `no-slo-files` */
export function readYamlFiles(path: string): TextFile[] {
  if (!existsSync(path) || !statSync(path).isDirectory()) return [readText(path)];
  const files = globSync('**/*.{yaml,yml}', { cwd: path }).sort();
  if (files.length === 0) throw new UserError('no-slo-files', `${path} holds no .yaml or .yml file`);
  return files.map(file => readText(join(path, file)));
}
