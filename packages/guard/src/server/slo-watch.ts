import { type Clock, type Logger, messageOf, startTicker, type Timer, UserError } from '../core/index.ts';
import { createFolderWatch, type FolderWatch } from '../scrape/index.ts';
import type { Reloader } from './reloader.ts';
import { readSloFolder } from './slo-files.ts';

/** Looks after a folder of SLO files. */
export interface SloWatch {
  stop(): Promise<void>;
}

interface SloWatchOptions {
  readonly directory: string;
  readonly reloader: Reloader;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Editors write a file in several steps. */
const SETTLE_MS = 150;
/** Some file systems tell nothing. */
const RESCAN_MS = 10_000;

/** Has the SLO files read anew whenever what they hold differs from what was read last, be it taken or refused. */
export function watchSlos({ directory, reloader, clock, logger }: SloWatchOptions): SloWatch {
  let seen = contentOf(directory);
  let pending: Timer | undefined;
  let watch: FolderWatch = watchFolders();
  const ticker = startTicker(clock, {
    interval: RESCAN_MS,
    offset: 'now',
    onTick: lookAgain,
    onError: error => logger.error({ error: messageOf(error) }, 'the SLO files could not be looked at'),
  });

  function watchFolders(): FolderWatch {
    const created = createFolderWatch(foldersOf(directory), {
      onEvent() {
        pending?.cancel();
        pending = clock.after(SETTLE_MS, () => void lookAgain());
      },
      onError: (folder, error) => logger.warn({ folder, error: messageOf(error) }, 'a folder is not watched'),
    });
    created.renew();
    return created;
  }

  async function lookAgain(): Promise<void> {
    const found = contentOf(directory);
    if (found === seen) return;
    seen = found;
    const old = watch;
    // Folders may have come or gone.
    watch = watchFolders();
    old.close();
    await reloader.reload().catch(() => {});
  }

  return {
    async stop() {
      pending?.cancel();
      watch.close();
      await ticker.stop();
    },
  };
}

/** What tells one state of the folder from another. */
function contentOf(directory: string): string {
  try {
    return JSON.stringify(readSloFolder(directory).files);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.message;
  }
}

function foldersOf(directory: string): readonly string[] {
  try {
    return readSloFolder(directory).folders;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [directory];
  }
}
