import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ENGINE_NAMES, type EngineName } from '../../test/peers/support/engine-process.ts';
import { createHttpClient } from '../../test/peers/support/http-client.ts';
import { remoteWrite, writeBody } from '../../test/peers/support/write-request.ts';
import { createStream, type Dataset, END, INTERVAL } from './dataset.ts';
import { startBenchEngine } from './engines.ts';
import { metricSum } from './metrics-text.ts';
import { median, moreIsBetter, type Subject } from './row.ts';

/** Senders at a time, each with series of its own, as the shards of a Prometheus that writes remotely. */
const SENDERS = 4;
const SERIES_A_SENDER = 2_000;
const ROUNDS = 3;

interface Load {
  readonly id: string;
  readonly title: string;
  /** Samples of each series in a request. */
  readonly samples: number;
  readonly requests: number;
}

const LOADS: readonly Load[] = [
  { id: 'ingest', title: 'remote-write ingest, 2,000 series a request', samples: 1, requests: 150 },
  {
    id: 'ingest-backfill',
    title: 'remote-write ingest, 30 min of 2,000 series a request',
    samples: 120,
    requests: 4,
  },
];

/** What every sender sends, made before the clock runs. */
function bodiesOf({ samples, requests }: Load): Buffer[][] {
  return Array.from({ length: SENDERS }, (_, sender) => {
    const set: Dataset = { job: `sender-${sender}`, series: SERIES_A_SENDER, span: 0 };
    const stream = createStream(set, END - samples * requests * INTERVAL, sender);
    return Array.from({ length: requests }, () => writeBody(stream.take(samples)));
  });
}

/** Samples a second, until the last of them was acknowledged. */
async function measureIngest(name: EngineName, load: Load, bodies: readonly Buffer[][]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'slo-guard-bench-ingest-'));
  const engine = await startBenchEngine(name, { folder });
  const client = createHttpClient(engine.address, SENDERS);
  try {
    const startedAt = performance.now();
    await Promise.all(
      bodies.map(async own => {
        for (const body of own) await remoteWrite(client, body);
      }),
    );
    const seconds = (performance.now() - startedAt) / 1000;
    const sent = SENDERS * SERIES_A_SENDER * load.samples * load.requests;
    const { body } = await client.get('/metrics');
    const stored = metricSum(body, 'prometheus_tsdb_head_samples_appended_total');
    if (stored !== sent) throw new Error(`${name} stored ${stored} of ${sent} samples`);
    return sent / seconds;
  } finally {
    client.close();
    await engine.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How fast samples are taken in; ours are synced to disk before they are acknowledged, Prometheus's are not. */
export const ingest: Subject = {
  ids: LOADS.map(({ id }) => id),
  async *measure({ wanted }) {
    for (const load of LOADS.filter(({ id }) => wanted(id))) {
      const bodies = bodiesOf(load);
      const figures = { prometheus: [] as number[], 'slo-guard': [] as number[] };
      for (let round = 0; round < ROUNDS; round++)
        for (const name of ENGINE_NAMES) figures[name].push(await measureIngest(name, load, bodies));
      yield {
        id: load.id,
        title: load.title,
        unit: 'samples/s',
        ...moreIsBetter(median(figures.prometheus), median(figures['slo-guard'])),
        goal: 0.5,
        rounds: ROUNDS,
      };
    }
  },
};
