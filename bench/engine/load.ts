import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheFolder } from '../../scripts/peers/catalog.ts';
import { type EngineName, startEngine } from '../../test/peers/support/engine-process.ts';
import { createHttpClient } from '../../test/peers/support/http-client.ts';
import { remoteWrite, writeBody } from '../../test/peers/support/write-request.ts';
import { blocksOf, type Dataset, samplesOf } from './dataset.ts';

/** The head is compacted within a minute; a set counts as loaded when that has happened. */
const COMPACTION_CHECK_MS = 2_000;

/** Where an engine's loaded data are kept between runs. */
export function dataFolder(name: EngineName, sets: readonly Dataset[]): string {
  const key = sets.map(({ job, series, span }) => `${job}-${series}x${span / 60_000}m`).join('_');
  return join(cacheFolder(), '../bench', `${name}-${key}`);
}

/** Loads the sets once; gives the folder to start the engine in. */
export async function loadedFolder(
  name: EngineName,
  sets: readonly Dataset[],
  again: boolean,
): Promise<string> {
  const folder = dataFolder(name, sets);
  if (again) rmSync(folder, { recursive: true, force: true });
  if (existsSync(folder)) return folder;
  const building = `${folder}.building`;
  rmSync(building, { recursive: true, force: true });
  mkdirSync(building, { recursive: true });
  const startedAt = performance.now();
  process.stderr.write(
    `loading ${sets.map(({ job }) => job).join(', ')} into ${name} (kept for later runs)\n`,
  );
  await load(name, building, sets);
  const seconds = (performance.now() - startedAt) / 1000;
  const samples = sets.reduce((total, set) => total + samplesOf(set), 0);
  process.stderr.write(`  ${(samples / 1e6).toFixed(1)} M samples in ${seconds.toFixed(0)} s\n`);
  renameSync(building, folder);
  return folder;
}

async function load(name: EngineName, folder: string, sets: readonly Dataset[]): Promise<void> {
  const engine = await startEngine(name, { folder });
  const client = createHttpClient(engine.address);
  try {
    for (const blocks of together(sets)) await remoteWrite(client, writeBody(blocks));
    if (name === 'prometheus') await compacted(client);
  } finally {
    client.close();
    await engine.stop();
  }
}

/** The sets side by side in time: a store takes one instant after another. */
function* together(sets: readonly Dataset[]) {
  const longest = Math.max(...sets.map(({ span }) => span));
  if (sets.some(({ span }) => span !== longest)) throw new Error('BUG: sets loaded together begin together');
  const streams = sets.map((set, i) => blocksOf(set, i + 1));
  for (;;) {
    const steps = streams.map(stream => stream.next());
    if (steps.some(({ done }) => done)) return;
    yield steps.flatMap(({ value }) => value ?? []);
  }
}

/** Waits until the head holds no more than a running Prometheus's would: some hours. */
async function compacted(client: ReturnType<typeof createHttpClient>): Promise<void> {
  let before = '';
  for (let quiet = 0; quiet < 5; ) {
    await sleep(COMPACTION_CHECK_MS);
    const { body } = await client.get('/metrics');
    const now = body
      .split('\n')
      .filter(line => /^prometheus_tsdb_(compactions_total|blocks_loaded|head_min_time) /.test(line))
      .join();
    quiet = now === before ? quiet + 1 : 0;
    before = now;
  }
}
