import { execFile } from 'node:child_process';
import { join } from 'node:path';

/** The compose files, in the order of the documented command. */
export const FILES = ['docker-compose.yml', 'docker-compose.prometheus.override.yml'] as const;
export const ROOT = join(import.meta.dirname, '../..');

/** How a `docker` command ended. */
export interface Ran {
  readonly ok: boolean;
  readonly stdout: string;
  /** Why it failed: the last line that it said, or that the program is not there. */
  readonly reason: string;
  readonly installed: boolean;
}

const MOST_OUTPUT = 16 * 1024 * 1024;

/** Runs `docker` with these words in the repository; never throws for what docker says. */
export function docker(...words: readonly string[]): Promise<Ran> {
  return new Promise(resolve => {
    execFile('docker', words, { cwd: ROOT, maxBuffer: MOST_OUTPUT }, (error, stdout, stderr) => {
      const code = (error as NodeJS.ErrnoException | null)?.code;
      resolve({
        ok: error === null,
        stdout,
        reason: lastLine(stderr) ?? error?.message ?? '',
        installed: code !== 'ENOENT',
      });
    });
  });
}

export const composeWords = (...words: readonly string[]): string[] => [
  'compose',
  ...FILES.flatMap(file => ['-f', file]),
  ...words,
];

const lastLine = (text: string): string | undefined =>
  text
    .split('\n')
    .map(line => line.trim())
    .findLast(line => line !== '' && !/^(See|Run) '?docker/.test(line));
