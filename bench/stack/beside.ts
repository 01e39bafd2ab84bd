/**
 * `npm run bench:stack:real [-- --seconds N]`: memory and CPU of the embedded stack beside the real Prometheus,
 * Alertmanager, Collector and Jaeger, as processes of one machine, one after the other in the same run and under the
 * same traffic. Needs the peers (`npm run peers`). Prints each figure with its ratio; judges nothing. How soon each
 * pages is in docs/conformance.md, from the same drill in both.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type AssembledStack, assemble } from '../../test/swap/assemble.ts';
import { SWAPS, type Swap } from '../../test/swap/matrix.ts';
import { usageOf } from './process-usage.ts';

const { values: flags } = parseArgs({ options: { seconds: { type: 'string', default: '20' } } });
const seconds = Number(flags.seconds);
if (!(seconds > 0)) throw new Error('--seconds takes a number above 0');

/** Requests a second through the gateway. */
const RATES = [0, 5, 200] as const;
/** What is the same in both stacks, and so not compared. */
const COMMON = ['service_a', 'service_b', 'webhook-receiver'];
/** Start-up work ends and the first scrapes are done before anything is measured. */
const SETTLE_SECONDS = 10;

type Figures = ReadonlyMap<string, number>;

/** Sends requests at a steady rate whatever the answers take; gives how many did not succeed. */
async function traffic(stack: AssembledStack, rate: number): Promise<number> {
  const started = performance.now();
  const answers: Promise<boolean>[] = [];
  for (let i = 0; i < seconds * rate; i++) {
    await sleep(Math.max(0, started + (i * 1000) / rate - performance.now()));
    answers.push(succeeds(stack.url('service_a', '/work')));
  }
  await sleep(Math.max(0, started + seconds * 1000 - performance.now()));
  return (await Promise.all(answers)).filter(succeeded => !succeeded).length;
}

async function succeeds(url: string): Promise<boolean> {
  try {
    const response = await fetch(url);
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

async function measure(name: Swap['name']): Promise<Figures> {
  const swap = SWAPS.find(one => one.name === name);
  if (!swap) throw new Error(`BUG: there is no swap ${name}`);
  const folder = mkdtempSync(join(tmpdir(), 'slo-guard-bench-stack-'));
  const figures = new Map<string, number>();
  const startedAt = performance.now();
  const stack = await assemble(swap, folder);
  try {
    figures.set('all parts ready, started in turn, s', (performance.now() - startedAt) / 1000);
    const parts = [...stack.pids].filter(([part]) => !COMMON.includes(part)).map(([, pid]) => pid);
    const total = (pick: (usage: ReturnType<typeof usageOf>) => number) =>
      parts.reduce((sum, pid) => sum + pick(usageOf(pid)), 0);
    await sleep(SETTLE_SECONDS * 1000);
    for (const rate of RATES) {
      const [from, cpuBefore] = [performance.now(), total(({ cpuSeconds }) => cpuSeconds)];
      const failed = await traffic(stack, rate);
      const cpu = total(({ cpuSeconds }) => cpuSeconds) - cpuBefore;
      figures.set(`CPU at ${rate} req/s, % of a core`, (cpu / (performance.now() - from)) * 100_000);
      if (failed > 0) console.log(`${name}: ${failed} of ${seconds * rate} requests at ${rate} req/s failed`);
      figures.set(
        `memory (PSS) after ${rate} req/s, MB`,
        total(({ pssMegabytes }) => pssMegabytes),
      );
    }
    return figures;
  } finally {
    await stack.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

console.log(`load average ${loadavg()[0]!.toFixed(2)} on this machine; ${seconds} s at each rate\n`);
const embedded = await measure('all embedded');
const real = await measure('all real');
const line = (...cells: readonly string[]) =>
  console.log(cells.map((cell, i) => (i === 0 ? cell.padEnd(38) : cell.padStart(10))).join(''));
line('', 'embedded', 'real', 'ratio');
for (const [what, ours] of embedded) {
  const theirs = real.get(what)!;
  line(what, ours.toFixed(1), theirs.toFixed(1), (ours / theirs).toFixed(2));
}
