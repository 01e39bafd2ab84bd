import { existsSync, globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readTextFile, type TextFile } from '../config/index.ts';
import { UserError } from '../core/index.ts';

/** A file, or every `.yaml` and `.yml` of a folder and its subfolders, sorted. @throws UserError `unreadable-file`, `no-slo-files` */
export function readYamlFiles(path: string): TextFile[] {
  if (!existsSync(path) || !statSync(path).isDirectory()) return [readTextFile(path)];
  const files = globSync('**/*.{yaml,yml}', { cwd: path }).sort();
  if (files.length === 0) throw new UserError('no-slo-files', `${path} holds no .yaml or .yml file`);
  return files.map(file => readTextFile(join(path, file)));
}
