import { type FSWatcher, watch } from 'node:fs';
import { basename } from 'node:path';

export interface FolderWatchOptions {
  readonly onEvent: () => void;
  readonly onError: (folder: string, error: unknown) => void;
}

/** Looks for changes among the entries of folders. */
export interface FolderWatch {
  /** Watches all folders anew: one that was replaced, or was not there, is seen again. */
  renew(): void;
  close(): void;
}

export function createFolderWatch(folders: readonly string[], options: FolderWatchOptions): FolderWatch {
  let watchers: FSWatcher[] = [];

  function start(folder: string): FSWatcher[] {
    try {
      const watcher = watch(folder, { persistent: false }, (_, name) => {
        options.onEvent();
        // The folder itself has gone or was replaced.
        if (name === basename(folder)) renew();
      });
      watcher.on('error', error => options.onError(folder, error));
      return [watcher];
    } catch (error) {
      options.onError(folder, error);
      return [];
    }
  }

  function renew(): void {
    const old = watchers;
    // The new ones first, so that nothing is missed between.
    watchers = folders.flatMap(start);
    for (const watcher of old) watcher.close();
  }

  return {
    renew,
    close() {
      for (const watcher of watchers.splice(0)) watcher.close();
    },
  };
}
