import { readFile } from 'node:fs/promises';
import { UserError } from '../core/index.ts';
import type { Secret } from './client-config.ts';

/**
 * The value of a secret, '' when there is none. A file's surrounding blanks are no part of it.
 *
 * @param what the option it belongs to, for the error
 * @throws UserError `unreadable-secret`, which names the file and never its content
 */
export async function readSecret(secret: Secret | undefined, what: string): Promise<string> {
  if (secret === undefined) return '';
  if (secret.kind === 'inline') return secret.text;
  try {
    return (await readFile(secret.path, 'utf8')).trim();
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? error;
    throw new UserError('unreadable-secret', `${what}: ${secret.path} cannot be read: ${reason}`);
  }
}
