/**
 * `node bench/engine/remote-write-sender.ts`: durable ingest by remote write, the real Prometheus 3.16 and slo-guard
 * with the same bodies in the same run, several connections each as a sender's shards have them.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  encodeWriteRequest,
  encodeWriteRequestV2,
  snappyCompress,
  WRITE_HEADERS,
} from '../../packages/guard/src/remote-write/testing.ts';
import { type EngineName, startEngine } from '../../test/peers/support/engine-process.ts';
import { createHttpClient } from '../../test/peers/support/http-client.ts';
import { figure, machine } from './report.ts';

/** What is sent: every request has the same series, each with samples of its own. */
export interface Load {
  readonly version: 1 | 2;
  readonly series: number;
  readonly samplesPerSeries: number;
  readonly requests: number;
  /** Requests under way at the same time, each connection with its own series. */
  readonly connections: number;
}

const ENCODERS = { 1: encodeWriteRequest, 2: encodeWriteRequestV2 } as const;
/** Short, so that connections that run ahead of others stay within what Prometheus takes: an hour. */
const STEP_MS = 100;

const labelsOf = (shard: number, i: number) => ({
  __name__: 'http_requests_total',
  cluster: 'eu-west-1',
  code: String(200 + (i % 5)),
  endpoint: `/api/v1/items/${i % 37}`,
  instance: `10.${shard}.${i >> 8}.${i & 255}:9090`,
  job: 'service_a',
  method: i % 2 === 0 ? 'GET' : 'POST',
  pod: `service-a-${Math.imul(i + 1, 0x9e3779b1) >>> 0}`,
});

/** The bodies of one connection, in order of time, the last one ending at `end`. */
export function bodiesOf(load: Load, shard: number, end: number): Buffer[] {
  const { version, series, samplesPerSeries, requests, connections } = load;
  const count = Math.ceil(requests / connections);
  const start = end - count * samplesPerSeries * STEP_MS;
  return Array.from({ length: count }, (_, request) => {
    const sent = Array.from({ length: series }, (_, i) => ({
      labels: labelsOf(shard, i),
      samples: Array.from({ length: samplesPerSeries }, (_, k) => {
        const step = request * samplesPerSeries + k;
        return { timestamp: start + step * STEP_MS, value: step * (1 + (i % 7)) };
      }),
    }));
    return snappyCompress(ENCODERS[version]({ series: sent }));
  });
}

export interface Sent {
  readonly samples: number;
  readonly seconds: number;
  /** The longest and the median of the requests. */
  readonly slowestMs: number;
  readonly medianMs: number;
}

/** Sends every body; each connection has one under way. @throws when one is not taken */
export async function sendAll(address: string, load: Load, shards: readonly Buffer[][]): Promise<Sent> {
  const client = createHttpClient(address, load.connections);
  const times: number[] = [];
  const startedAt = performance.now();
  try {
    await Promise.all(
      shards.map(async bodies => {
        for (const body of bodies) {
          const sentAt = performance.now();
          const answer = await client.post('/api/v1/write', body, WRITE_HEADERS[load.version]);
          times.push(performance.now() - sentAt);
          if (answer.status !== 204)
            throw new Error(`answered ${answer.status}: ${answer.body.slice(0, 300)}`);
        }
      }),
    );
  } finally {
    client.close();
  }
  const seconds = (performance.now() - startedAt) / 1000;
  times.sort((a, b) => a - b);
  const samples = shards.flat().length * load.series * load.samplesPerSeries;
  return { samples, seconds, slowestMs: times.at(-1)!, medianMs: times[times.length >> 1]! };
}

/** CPU seconds and the most resident memory of a process so far (proc_pid_stat(5), proc_pid_status(5)). */
function usageOf(pid: number): { cpuSeconds: number; peakMiB: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!;
  return { cpuSeconds: (Number(stat[11]) + Number(stat[12])) / 100, peakMiB: Number(peak[1]) / 1024 };
}

async function measure(name: EngineName, load: Load, shards: readonly Buffer[][]) {
  const folder = mkdtempSync(join(tmpdir(), 'slo-guard-bench-'));
  const flags = name === 'slo-guard' ? ['--web.enable-remote-write-receiver'] : [];
  const engine = await startEngine(name, { folder, flags });
  try {
    const before = usageOf(engine.pid).cpuSeconds;
    const sent = await sendAll(engine.address, load, shards);
    const { cpuSeconds, peakMiB } = usageOf(engine.pid);
    return { ...sent, rate: sent.samples / sent.seconds, cpuSeconds: cpuSeconds - before, peakMiB };
  } finally {
    await engine.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const LOADS: ReadonlyArray<Load> = [
  { version: 1, series: 2000, samplesPerSeries: 1, requests: 800, connections: 4 },
  { version: 2, series: 2000, samplesPerSeries: 1, requests: 800, connections: 4 },
  { version: 1, series: 200, samplesPerSeries: 20, requests: 800, connections: 4 },
  { version: 1, series: 500, samplesPerSeries: 1, requests: 1600, connections: 16 },
];

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { rounds: { type: 'string', default: '2' }, only: { type: 'string' } },
  });
  console.log(`${machine()}\n`);
  console.log(
    '| version | series × samples | connections | Prometheus | slo-guard | ratio | slo-guard: median, slowest ms | CPU s, theirs and ours | peak MiB |',
  );
  console.log('|-|-|-|-|-|-|-|-|-|');
  for (const [index, load] of LOADS.entries()) {
    if (values.only !== undefined && Number(values.only) !== index) continue;
    const shards = Array.from({ length: load.connections }, (_, i) => bodiesOf(load, i, Date.now()));
    for (let round = 0; round < Number(values.rounds); round++) {
      const theirs = await measure('prometheus', load, shards);
      const ours = await measure('slo-guard', load, shards);
      const cells = [
        `${load.version}.0`,
        `${load.series} × ${load.samplesPerSeries}`,
        load.connections,
        `${figure(theirs.rate / 1000)} k/s`,
        `${figure(ours.rate / 1000)} k/s`,
        figure(ours.rate / theirs.rate),
        `${figure(ours.medianMs)}, ${figure(ours.slowestMs)}`,
        `${figure(theirs.cpuSeconds)}, ${figure(ours.cpuSeconds)}`,
        `${figure(theirs.peakMiB)}, ${figure(ours.peakMiB)}`,
      ];
      console.log(`| ${cells.join(' | ')} |`);
    }
  }
}

if (import.meta.main) await main();
