import {
  ENGINE_NAMES,
  type EngineName,
  type EngineOptions,
  type EngineProcess,
  startEngine,
} from '../../test/peers/support/engine-process.ts';

/** Something for each of the two. */
export type ByEngine<T> = Readonly<Record<EngineName, T>>;

/**
 * What a Prometheus that keeps 31 days takes by itself: blocks of at most a tenth of that. The benchmark keeps its data
 * for ever, which would give others.
 */
const AS_WITH_31_DAYS = '--storage.tsdb.max-block-duration=3d';
/** On a busy machine Prometheus's slowest row takes minutes. */
const NO_TIMEOUT = '--query.timeout=1h';
/** Replaying a large write-ahead log takes minutes. */
const START_SECONDS = 600;

/** An engine as the benchmark wants it. */
export function startBenchEngine(name: EngineName, options: EngineOptions): Promise<EngineProcess> {
  const own = name === 'prometheus' ? [AS_WITH_31_DAYS] : [];
  const flags = [NO_TIMEOUT, ...own, ...(options.flags ?? [])];
  return startEngine(name, { startSeconds: START_SECONDS, ...options, flags });
}

export interface BothEngines extends ByEngine<EngineProcess> {
  stop(): Promise<void>;
}

/** Starts both; neither is left behind when one does not start. */
export async function startBoth(
  folders: ByEngine<string>,
  options: Omit<EngineOptions, 'folder'> = {},
): Promise<BothEngines> {
  const started: EngineProcess[] = [];
  const stop = async () => {
    for (const engine of started) await engine.stop();
  };
  try {
    for (const name of ENGINE_NAMES)
      started.push(await startBenchEngine(name, { ...options, folder: folders[name] }));
  } catch (error) {
    await stop();
    throw error;
  }
  const [prometheus, guard] = started;
  return { prometheus: prometheus!, 'slo-guard': guard!, stop };
}
