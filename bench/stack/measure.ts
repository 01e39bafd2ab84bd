import { setTimeout as sleep } from 'node:timers/promises';
import { type ProcessUsage, usageOf } from './process-usage.ts';
import type { BenchStack, Subject } from './subjects.ts';

export type Figures = ReadonlyMap<string, number>;

export interface Plan {
  /** How long each rate of requests is kept up. */
  readonly seconds: number;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** Requests a second through the gateway. */
const RATES = [0, 5, 200] as const;
/** Start-up work ends and the first scrapes are done before anything is measured. */
const SETTLE_SECONDS = 10;
/** Healthy traffic before the fault, and its rate: those of the article's drill. */
const HEALTHY = { seconds: 30, rate: 10 } as const;
const PAGE = 'SLOServiceAErrorBudgetBurnFast';
const PAGE_SECONDS = 90;

/** Starts a stack, takes its figures and ends it, also when the signal comes. */
export async function measure({ name, start }: Subject, plan: Plan): Promise<Figures> {
  const { say, signal } = plan;
  const figures = new Map<string, number>();
  const startedAt = performance.now();
  say(`${name}: starting`);
  const stack = await start();
  try {
    figures.set('command to all ready, s', (performance.now() - startedAt) / 1000);
    await sleep(SETTLE_SECONDS * 1000, undefined, { signal });
    for (const rate of RATES) await atRate(stack, rate, plan, name, figures);
    return figures;
  } finally {
    await stack.stop();
  }
}

/** The same, of a fresh stack: how long after the first failing answer the receiver has the page. */
export async function measurePage({ name, start }: Subject, plan: Plan): Promise<number> {
  plan.say(`${name}: starting, for a page`);
  const stack = await start();
  try {
    return await faultToPage(stack, plan.signal);
  } finally {
    await stack.stop();
  }
}

async function atRate(
  stack: BenchStack,
  rate: number,
  { seconds, signal, say }: Plan,
  name: string,
  figures: Map<string, number>,
): Promise<void> {
  const total = (pick: (usage: ProcessUsage) => number) =>
    stack.pids.reduce((sum, pid) => sum + pick(usageOf(pid)), 0);
  const [from, cpuBefore] = [performance.now(), total(({ cpuSeconds }) => cpuSeconds)];
  const failed = await traffic(stack, rate, seconds, signal);
  const cpu = total(({ cpuSeconds }) => cpuSeconds) - cpuBefore;
  figures.set(`CPU at ${rate} req/s, % of a core`, (cpu / (performance.now() - from)) * 100_000);
  figures.set(
    `memory (PSS) after ${rate} req/s, MB`,
    total(({ pssMegabytes }) => pssMegabytes),
  );
  if (failed > 0) say(`${name}: ${failed} of ${seconds * rate} requests at ${rate} req/s failed`);
}

/** Sends requests at a steady rate whatever the answers take; gives how many did not succeed. */
async function traffic(
  stack: BenchStack,
  rate: number,
  seconds: number,
  signal: AbortSignal,
): Promise<number> {
  const started = performance.now();
  const until = (at: number) => sleep(Math.max(0, at - performance.now()), undefined, { signal });
  const answers: Promise<boolean>[] = [];
  for (let i = 0; i < seconds * rate; i++) {
    await until(started + (i * 1000) / rate);
    answers.push(succeeds(stack.url('service_a', '/work')));
  }
  await until(started + seconds * 1000);
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

async function faultToPage(stack: BenchStack, signal: AbortSignal): Promise<number> {
  await traffic(stack, HEALTHY.rate, HEALTHY.seconds, signal);
  await fetch(stack.url('service_b', '/admin/failmode'), { method: 'POST', body: '{"mode":"error"}' });
  const failing = new AbortController();
  const load = traffic(stack, HEALTHY.rate, PAGE_SECONDS, AbortSignal.any([signal, failing.signal]));
  load.catch(() => {});
  const failedAt = performance.now();
  try {
    while (performance.now() < failedAt + PAGE_SECONDS * 1000) {
      if (await hasPage(stack)) return (performance.now() - failedAt) / 1000;
      await sleep(50, undefined, { signal });
    }
    throw new Error(`no page came within ${PAGE_SECONDS} s`);
  } finally {
    failing.abort();
  }
}

async function hasPage(stack: BenchStack): Promise<boolean> {
  const response = await fetch(stack.url('webhook-receiver', '/api/notifications'));
  const { notifications } = (await response.json()) as {
    notifications: { status: string; labels: { alertname: string } }[];
  };
  return notifications.some(({ status, labels }) => status === 'firing' && labels.alertname === PAGE);
}
