import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../story/support.ts';
import { type EngineName, type EngineProcess, startEngine } from '../support/engine-process.ts';
import { createHttpClient, type HttpClient } from '../support/http-client.ts';
import { END, exposition, prometheusYml } from './edge-data.ts';

const folder = mkdtempSync(join(tmpdir(), 'slo-guard-edges-'));
const target = createServer((_request, response) => {
  response.setHeader('content-type', 'text/plain; version=0.0.4');
  response.end(exposition());
});

interface Server {
  readonly process: EngineProcess;
  readonly client: HttpClient;
}
let theirs: Server;
let ours: Server;

async function start(name: EngineName, config: string): Promise<Server> {
  const process = await startEngine(name, { folder: join(folder, name), config });
  const client = createHttpClient(process.address);
  await eventually(`samples in ${name}`, 60, async () => {
    const { body } = await client.get(`/api/v1/query?query=count(hn_bucket)&time=${END}`);
    return body.includes('"1"') || undefined;
  });
  return { process, client };
}

beforeAll(async () => {
  await new Promise<void>(resolve => target.listen(0, '127.0.0.1', resolve));
  const config = prometheusYml(`127.0.0.1:${(target.address() as AddressInfo).port}`);
  [ours, theirs] = await Promise.all([start('slo-guard', config), start('prometheus', config)]);
});
afterAll(async () => {
  for (const { client } of [ours, theirs]) client.close();
  await Promise.all([ours.process.stop(), theirs.process.stop()]);
  target.close();
  rmSync(folder, { recursive: true });
});

interface Answer {
  readonly status: number;
  readonly error?: string;
  readonly errorType?: string;
  readonly warnings: string[];
  readonly infos: string[];
  readonly data: unknown;
}

async function ask({ client }: Server, path: string, query: string): Promise<Answer> {
  const answer = await client.get(`/api/v1/${path}&query=${encodeURIComponent(query)}`);
  const { data, warnings = [], infos = [], error, errorType } = JSON.parse(answer.body);
  // The real one counts a sample anew at each later step.
  const counted = infos.map((info: string) => info.replace(/over \d+ samples/, 'over n samples'));
  return {
    status: answer.status,
    error,
    errorType,
    warnings: warnings.sort(),
    infos: counted.sort(),
    data: isOrdered(query) ? data : sorted(data),
  };
}

const isOrdered = (query: string): boolean => /sort|topk|bottomk/.test(query);

/** A vector in no particular order, in one of its own. */
function sorted(data: { resultType?: string; result?: { metric: unknown }[] } | undefined): unknown {
  if (data?.resultType !== 'vector') return data;
  const key = ({ metric }: { metric: unknown }): string => JSON.stringify(metric);
  return { ...data, result: data.result!.toSorted((a, b) => (key(a) < key(b) ? -1 : 1)) };
}

/** Relative; Go's and V8's mathematical functions differ in the last bits. */
const EPSILON = 1e-12;

function isSame(a: unknown, b: unknown): boolean {
  if (typeof a === 'string' && typeof b === 'string' && a !== b) {
    const [x, y] = [Number(a), Number(b)];
    return Math.abs(x - y) <= EPSILON * Math.max(Math.abs(x), Math.abs(y));
  }
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return a === b;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every(key => isSame(a[key as keyof typeof a], b[key as keyof typeof b]))
  );
}

const queries = readFileSync(new URL('./edge-queries.txt', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n');

describe('functions, operators, modifiers and what is wrong with them are answered as by the real Prometheus', () => {
  it.each([
    ['at an instant', `query?time=${END}`],
    ['over a range', `query_range?start=${END - 300}&end=${END}&step=60`],
  ])('%s', async (_, path) => {
    const found: unknown[] = [];
    for (const query of queries) {
      const [wanted, got] = await Promise.all([ask(theirs, path, query), ask(ours, path, query)]);
      if (!isSame(wanted, got)) found.push({ query, wanted, got });
    }
    expect(found).toEqual([]);
  });
});
