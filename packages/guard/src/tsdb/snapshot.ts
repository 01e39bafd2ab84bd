import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fnv1a64, type Milliseconds, messageOf, UserError } from '../core/index.ts';
import { SAMPLES_FILE } from './sqlite-journal.ts';
import type { StoreParts } from './store-parts.ts';

/**
 * Copies the store as it is at the end of the copying into a new folder of `directory`, as a job. The folder can be
 * opened as a store. Answers its name.
 *
 * @throws UserError `snapshot-failed`; nothing is then left of it.
 */
export async function takeSnapshot({ journal, clock }: StoreParts, directory: string): Promise<string> {
  const name = freeName(directory, clock.now());
  const unfinished = join(directory, `${name}.unfinished`);
  try {
    mkdirSync(unfinished, { recursive: true });
    await journal.copyTo(join(unfinished, SAMPLES_FILE));
    synchronise(unfinished);
    renameSync(unfinished, join(directory, name));
    synchronise(directory);
    return name;
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw new UserError('snapshot-failed', `no snapshot in ${directory}: ${messageOf(error)}`, {
      remedy: 'check that the folder can be written to and has room for a copy of the store',
    });
  }
}

/** As Prometheus names them: the time in UTC, then 16 hexadecimal digits (web/api/v1/api.go `snapshot`). */
function freeName(directory: string, now: Milliseconds): string {
  const time = new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  for (let attempt = 0; ; attempt++) {
    const name = `${time}-${fnv1a64(`${now}/${attempt}`)}`;
    if (!existsSync(join(directory, name))) return name;
  }
}

/** A new entry of a folder survives power loss once the folder is synchronised. */
function synchronise(directory: string): void {
  const descriptor = openSync(directory, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
