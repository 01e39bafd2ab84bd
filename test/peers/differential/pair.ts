import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRng } from '../../../packages/guard/src/core/index.ts';
import { ENGINE_NAMES, type EngineProcess, startEngine } from '../support/engine-process.ts';
import { createHttpClient } from '../support/http-client.ts';
import { remoteWrite, type SentSeries, writeBody } from '../support/write-request.ts';
import { generateData } from './data.ts';
import type { Clients } from './judge.ts';

/** Questions on the way at any moment. */
export const AT_ONCE = 6;

/** Both engines with the data of one seed. */
export interface Pair {
  readonly data: readonly SentSeries[];
  readonly clients: Clients;
  /** Ends both in order and starts them again on what they have on disk. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export async function startPair(seed: number): Promise<Pair> {
  const data = generateData(createRng(seed));
  const folder = mkdtempSync(join(tmpdir(), 'slo-guard-differential-'));
  const engines: EngineProcess[] = [];
  let clients: Clients;

  async function start(): Promise<void> {
    for (const name of ENGINE_NAMES) engines.push(await startEngine(name, { folder: join(folder, name) }));
    const [theirs, ours] = engines.map(({ address }) => createHttpClient(address, AT_ONCE));
    clients = { theirs: theirs!, ours: ours! };
  }
  async function end(): Promise<void> {
    await Promise.all(engines.splice(0).map(engine => engine.stop()));
  }
  async function stop(): Promise<void> {
    await end();
    rmSync(folder, { recursive: true, force: true });
  }

  try {
    await start();
    const body = writeBody(data);
    await Promise.all(Object.values(clients!).map(client => remoteWrite(client, body)));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    data,
    get clients() {
      return clients;
    },
    async restart() {
      await end();
      await start();
    },
    stop,
  };
}
