import { type FSWatcher, statSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Clock, Milliseconds } from '../../core/index.ts';

export interface WatchOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Called at the beginning, and once editors have finished saving. */
  readonly onChange: () => Promise<void>;
}

/** Editors save in several steps. */
const SETTLING: Milliseconds = 100;

/** Runs until the signal aborts. A file that is replaced rather than written is seen too. */
export async function watchSources(
  paths: readonly string[],
  { clock, signal, onChange }: WatchOptions,
): Promise<void> {
  let isChanged = true;
  let wake: (() => void) | undefined;
  const notice = () => {
    isChanged = true;
    wake?.();
  };
  const watchers = paths.map(path => watchPath(path, notice));
  signal.addEventListener('abort', notice, { once: true });
  try {
    while (!signal.aborted) {
      isChanged = false;
      await onChange();
      await new Promise<void>(resolve => {
        wake = resolve;
        if (isChanged) resolve();
      });
      await clock.sleep(SETTLING, signal).catch(() => {});
    }
  } finally {
    for (const watcher of watchers) watcher.close();
  }
}

/** A folder with all below it; of a file, its folder, where another file may take its place. */
function watchPath(path: string, onChange: () => void): FSWatcher {
  if (statSync(path).isDirectory()) return watch(path, { recursive: true }, onChange);
  return watch(dirname(path), (_, name) => {
    if (name === null || name === basename(path)) onChange();
  });
}
