import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheFolder } from '../../scripts/peers/catalog.ts';
import { ENGINE_NAMES, type EngineName } from '../../test/peers/support/engine-process.ts';
import { createHttpClient, type HttpClient } from '../../test/peers/support/http-client.ts';
import { remoteWrite, writeBody } from '../../test/peers/support/write-request.ts';
import { createStream, type Dataset, END, INTERVAL, samplesOf } from './dataset.ts';
import { type ByEngine, startBenchEngine } from './engines.ts';
import { metricSum } from './metrics-text.ts';
import { progress } from './progress.ts';

/** Samples in a request, about. */
const SAMPLES_A_REQUEST = 50_000;
/** Prometheus compacts within a minute; quiet for so long, it is done. */
const QUIET_CHECKS = 5;
const CHECK_MS = 2_000;

function dataFolder(name: EngineName, sets: readonly Dataset[]): string {
  const key = sets.map(({ job, series, span }) => `${job}-${series}x${span / 60_000}m`).join('_');
  return join(cacheFolder(), '../bench', `${name}-${key}`);
}

/** Folders with the sets loaded into either engine by remote write; kept between runs unless `again`. */
export async function loadedFolders(sets: readonly Dataset[], again: boolean): Promise<ByEngine<string>> {
  const folders = { prometheus: '', 'slo-guard': '' };
  for (const name of ENGINE_NAMES) folders[name] = await loadedFolder(name, sets, again);
  return folders;
}

/** Subjects share their data: within a run they are loaded once. */
const loadedNow = new Set<string>();

async function loadedFolder(name: EngineName, sets: readonly Dataset[], again: boolean): Promise<string> {
  const folder = dataFolder(name, sets);
  if (again && !loadedNow.has(folder)) rmSync(folder, { recursive: true, force: true });
  loadedNow.add(folder);
  if (existsSync(folder)) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  // A name of its own: another run may be loading the same set.
  const building = mkdtempSync(`${folder}.building-`);
  try {
    const startedAt = performance.now();
    await load(name, building, sets);
    const seconds = (performance.now() - startedAt) / 1000;
    const samples = sets.reduce((total, set) => total + samplesOf(set), 0);
    progress(`loaded ${(samples / 1e6).toFixed(1)} M samples into ${name} in ${seconds.toFixed(0)} s`);
    if (!existsSync(folder)) renameSync(building, folder);
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
  return folder;
}

async function load(name: EngineName, folder: string, sets: readonly Dataset[]): Promise<void> {
  const engine = await startBenchEngine(name, { folder });
  const client = createHttpClient(engine.address);
  try {
    await sendUntil(client, streamsOf(sets), END);
    if (name === 'prometheus') await compacted(client);
  } finally {
    client.close();
    await engine.stop();
  }
}

/** @throws for sets that do not begin together: they are sent side by side, one instant after another */
export function streamsOf(sets: readonly Dataset[], end = END) {
  const [first, ...others] = sets.map(({ span }) => span);
  if (others.some(span => span !== first)) throw new Error('BUG: sets loaded together begin together');
  return sets.map((set, i) => createStream(set, end - set.span, i + 1));
}

/** Sends all samples up to and including `end`. */
export async function sendUntil(
  client: HttpClient,
  streams: ReturnType<typeof streamsOf>,
  end: number,
): Promise<void> {
  while (streams[0]!.time <= end) {
    const width = streams.reduce((sum, stream) => sum + stream.width, 0);
    const left = Math.floor((end - streams[0]!.time) / INTERVAL) + 1;
    const count = Math.min(left, Math.max(1, Math.floor(SAMPLES_A_REQUEST / width)));
    await remoteWrite(client, writeBody(streams.flatMap(stream => stream.take(count))));
  }
}

/** Waits until Prometheus's head holds no more than a running one's would: some hours. */
export async function compacted(client: HttpClient): Promise<void> {
  const names = [
    'prometheus_tsdb_compactions_total',
    'prometheus_tsdb_blocks_loaded',
    'prometheus_tsdb_head_min_time',
  ];
  let before = '';
  for (let quiet = 0; quiet < QUIET_CHECKS; ) {
    await sleep(CHECK_MS);
    const { body } = await client.get('/metrics');
    const now = names.map(name => metricSum(body, name)).join();
    quiet = now === before ? quiet + 1 : 0;
    before = now;
  }
}
