import { readFileSync } from 'node:fs';
import { packageFile } from '../core/index.ts';

/** The version in the package's own package.json. */
export function version(): string {
  const text = readFileSync(packageFile('package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
