import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRng, silentLogger } from '../core/index.ts';
import { spanIdOf, traceIdOf } from './fixtures.ts';
import { createSpanStore } from './index.ts';

const ROUNDS = 25;
const BATCH = 20;
const WRITER = fileURLToPath(new URL('./crash-writer.ts', import.meta.url));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crash-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the writer until it has acknowledged so many batches, kills it, and gives what it acknowledged. */
function writeAndKill(file: string, first: number, batches: number): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const writer = spawn(process.execPath, [WRITER, file, String(first)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let errors = '';
    let killed = false;
    writer.stderr.on('data', chunk => (errors += chunk));
    writer.stdout.on('data', chunk => {
      output += chunk;
      if (output.split('\n').length <= batches || killed) return;
      killed = true;
      writer.kill('SIGKILL');
    });
    writer.on('close', () => {
      if (!killed) reject(new Error(`the writer ended by itself: ${errors}`));
      // The last line may be torn.
      else resolve(output.split('\n').slice(0, -1).map(Number));
    });
  });
}

it(`has every acknowledged span after each of ${ROUNDS} kills`, async () => {
  const file = join(folder, 'spans.db');
  const rng = createRng(20);
  const acknowledged: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const first = round * 1_000_000;
    const fresh = await writeAndKill(file, first, 1 + rng.integer(120));
    expect(fresh.length).toBeGreaterThan(0);
    acknowledged.push(...fresh);
    const store = await createSpanStore({
      file,
      logger: silentLogger,
      registry: new Registry(),
      retention: 1e12,
      maxSpans: 1e9,
    });
    for (const from of fresh) {
      for (let id = from; id < from + BATCH; id++) {
        const trace = await store.trace(traceIdOf(Math.floor(id / 7)));
        const ids = trace?.resourceSpans.flatMap(({ scopeSpans }) =>
          scopeSpans[0]!.spans.map(span => span.spanId),
        );
        expect(ids, `span ${id} of round ${round}`).toContain(spanIdOf(id));
      }
    }
    expect((await store.statistics()).spans).toBeGreaterThanOrEqual(acknowledged.length * BATCH);
    await store.close();
  }
  expect(readdirSync(folder).filter(name => name.includes('corrupt'))).toEqual([]);
});
