import { readFile, stat } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import { expandGlob } from '../../config/index.ts';
import { messageOf, startTicker } from '../../core/index.ts';
import type { DiscoveryConfig } from '../config/types.ts';
import type { Discovery, DiscoveryContext } from './discovery.ts';
import { createFolderWatch } from './folder-watch.ts';
import { readJsonGroups, readYamlGroups } from './read-groups.ts';
import type { TargetGroup } from './target-group.ts';

type FileDiscoveryConfig = Extract<DiscoveryConfig, { kind: 'file' }>;

/** Editors and configuration tools write a file in several steps. */
const SETTLE_MS = 50;

/**
 * Targets from files (discovery/file). They are read when something changes in their folders, and at the refresh
 * interval besides. A file that cannot be read or understood keeps the targets that it had; one that is gone has none.
 */
export function startFileDiscovery(config: FileDiscoveryConfig, context: DiscoveryContext): Discovery {
  const { clock, logger, metrics } = context;
  let files = new Map<string, readonly TargetGroup[]>();
  let running = Promise.resolve();
  let isWaiting = false;
  let isStopped = false;

  async function groupsOf(path: string): Promise<readonly TargetGroup[]> {
    try {
      const groups = await readTargetFile(path);
      metrics.fileTime.set({ filename: path }, Math.floor((await stat(path)).mtimeMs / 1000));
      return groups.map(({ targets, labels }) => ({ targets, labels: { ...labels, __meta_filepath: path } }));
    } catch (error) {
      metrics.fileReadErrors.inc();
      logger.error(
        { file: path, error: messageOf(error) },
        'a file of targets is unusable; its targets stay',
      );
      return files.get(path) ?? [];
    }
  }

  async function refresh(): Promise<void> {
    const timer = metrics.fileScanDuration.startTimer();
    const paths = config.patterns.flatMap(pattern => expandGlob(pattern));
    const read = await Promise.all(
      [...new Set(paths)].map(async path => [path, await groupsOf(path)] as const),
    );
    if (isStopped) return;
    for (const path of files.keys()) if (!paths.includes(path)) metrics.fileTime.remove({ filename: path });
    files = new Map(read);
    timer();
    context.onChange();
  }

  /** Runs after the refresh that may be under way; further requests until then are one. */
  function request(delay: number): void {
    if (isWaiting || isStopped) return;
    isWaiting = true;
    const previous = running;
    running = (async () => {
      await previous;
      await clock.sleep(delay);
      isWaiting = false;
      if (!isStopped) await refresh();
    })().catch(error => logger.error({ error: messageOf(error) }, 'files of targets were not read'));
  }

  const watch = createFolderWatch([...new Set(config.patterns.map(pattern => dirname(pattern)))], {
    onEvent: () => request(SETTLE_MS),
    onError: (folder, error) => {
      metrics.fileWatcherErrors.inc();
      logger.warn({ folder, error: messageOf(error) }, 'a folder of target files is not watched');
    },
  });
  const ticker = startTicker(clock, {
    interval: config.refreshInterval,
    offset: 'now',
    onTick: () => {
      watch.renew();
      request(0);
    },
    onError: error => logger.error({ error: messageOf(error) }, 'files of targets were not read'),
  });
  return {
    groups: () => [...files.values()].flat(),
    async stop() {
      isStopped = true;
      watch.close();
      await ticker.stop();
    },
  };
}

async function readTargetFile(path: string): Promise<TargetGroup[]> {
  const text = await readFile(path, 'utf8');
  return extname(path).toLowerCase() === '.json' ? readJsonGroups(text) : readYamlGroups(path, text);
}
