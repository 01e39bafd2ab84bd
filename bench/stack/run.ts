/**
 * `npm run bench:stack [-- --minutes N] [--no-drill]`: what the whole stack costs, and how long a page takes. Prints each
 * figure beside its goal; judges nothing.
 */
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import { type ProcessUsage, usageOf } from './process-usage.ts';

const { values: flags } = parseArgs({
  options: { minutes: { type: 'string', default: '5' }, 'no-drill': { type: 'boolean', default: false } },
});
const minutes = Number(flags.minutes);
if (!(minutes > 0)) throw new Error('--minutes takes a number above 0');

const root = join(import.meta.dirname, '../..');
const bin = join(root, 'packages/guard/bin/slo-guard.js');
const REQUESTS_PER_SECOND = 5;
const PORTS = [
  'service_a',
  'service_b',
  'webhook-receiver',
  'prometheus',
  'alertmanager',
  'otlp_grpc',
  'otlp_http',
  'jaeger',
  'console',
];
/** Ports beside the default ones, so that a running stack is not disturbed. */
const FIRST_PORT = 23_500;

const portFlags = PORTS.flatMap((name, i) => ['--port', `${name}=${FIRST_PORT + i}`]);
const prometheus = `http://127.0.0.1:${FIRST_PORT + PORTS.indexOf('prometheus')}`;

const row = (what: string, measured: string, goal: string) =>
  console.log(`${what.padEnd(46)} ${measured.padStart(12)}   goal ${goal}`);
const childrenOf = (pid: number) =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
const partOf = (pid: number) => {
  const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  if (command.includes('serve')) return 'guard';
  return /services\/([a-z-]+)/.exec(command.join(' '))?.[1] ?? 'up';
};

async function everyTargetUp(): Promise<boolean> {
  try {
    const response = await fetch(`${prometheus}/api/v1/targets`);
    const { data } = (await response.json()) as { data: { activeTargets: { health: string }[] } };
    return data.activeTargets.length > 0 && data.activeTargets.every(({ health }) => health === 'up');
  } catch {
    return false;
  }
}

async function benchStack(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'slo-guard-bench-'));
  const startedAt = performance.now();
  const up = spawn(
    process.execPath,
    [bin, 'up', '--data-dir', folder, '--traffic', String(REQUESTS_PER_SECOND), ...portFlags],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const ended = new Promise(resolve => up.once('exit', resolve));
  try {
    let output = '';
    let readyAfter: number | undefined;
    up.stdout.on('data', data => {
      output += data;
      if (output.includes('all ready')) readyAfter ??= performance.now() - startedAt;
    });
    while (up.exitCode === null && !(readyAfter !== undefined && (await everyTargetUp()))) await sleep(20);
    if (readyAfter === undefined) throw new Error(`the stack did not start:\n${output}`);
    const scrapedAfter = performance.now() - startedAt;
    row('start to all ready', `${(readyAfter / 1000).toFixed(2)} s`, '≤ 3 s');
    row('start to first scrape of every target', `${(scrapedAfter / 1000).toFixed(2)} s`, '≤ 3 s');

    const pids = [up.pid!, ...childrenOf(up.pid!)];
    await sleep((minutes * 60_000) / 2);
    const before = pids.map(pid => usageOf(pid));
    const span = (minutes * 60_000) / 2;
    await sleep(span);
    reportUsage(pids, before, span / 1000);
  } finally {
    up.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

function reportUsage(pids: readonly number[], before: readonly ProcessUsage[], seconds: number): void {
  const after = pids.map((pid, i) => {
    const usage = usageOf(pid);
    return {
      part: partOf(pid),
      megabytes: usage.pssMegabytes,
      cpu: ((usage.cpuSeconds - before[i]!.cpuSeconds) / seconds) * 100,
    };
  });
  const sum = (pick: (usage: (typeof after)[number]) => number) =>
    after.reduce((total, usage) => total + pick(usage), 0);
  for (const { part, megabytes, cpu } of after) {
    row(
      `  ${part}`,
      `${megabytes.toFixed(0)} MB`,
      `${part === 'guard' ? '≤ 170 MB' : '–'}   (CPU ${cpu.toFixed(1)} % of a core)`,
    );
  }
  row(
    `memory (PSS) after ${minutes} min at ${REQUESTS_PER_SECOND} req/s`,
    `${sum(({ megabytes }) => megabytes).toFixed(0)} MB`,
    '≤ 450 MB',
  );
  row('CPU of one core, second half', `${sum(({ cpu }) => cpu).toFixed(1)} %`, '≤ 10 %');
}

interface Report {
  readonly phases: readonly {
    readonly stages: readonly {
      stage: string;
      measured?: number;
      predicted: { earliest: number; latest: number };
    }[];
  }[];
}

async function benchPage(): Promise<void> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [bin, 'drill', '--fresh-stack', '--json', '-', join(root, 'drills/article.yaml')],
    { cwd: root },
  );
  const [report] = JSON.parse(stdout) as Report[];
  const page = report!.phases
    .flatMap(({ stages }) => stages)
    .find(({ stage }) => stage === 'page delivered')!;
  const { earliest, latest } = page.predicted;
  row(
    'first failure to page, 30 s of traffic before',
    `${page.measured?.toFixed(1)} s`,
    `≤ 30 s   (predicted ${earliest.toFixed(1)} to ${latest.toFixed(1)} s)`,
  );
}

console.log(`load average ${loadavg()[0]!.toFixed(2)} on this machine\n`);
await benchStack();
if (!flags['no-drill']) await benchPage();
