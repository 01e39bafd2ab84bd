import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ENGINE_NAMES, type EngineName } from '../../test/peers/support/engine-process.ts';
import { createHttpClient, type HttpClient } from '../../test/peers/support/http-client.ts';
import { usageOf } from '../stack/process-usage.ts';
import { INTERVAL } from './dataset.ts';
import { startBenchEngine } from './engines.ts';
import { compacted, sendUntil, streamsOf } from './load.ts';
import { metricSum } from './metrics-text.ts';
import { progress } from './progress.ts';
import { lessIsBetter, type Subject } from './row.ts';
import { GROUPS, RECORDED, ruleFile, SLO_SET } from './rule-file.ts';

/** Between two evaluations of a group; a busy machine still keeps up. */
const EVALUATION_SECONDS = 30;
/** Evaluations of every group that are counted. */
const CYCLES = 4;
/** How far samples run ahead of the clock: both take ten minutes. */
const AHEAD = 60_000;

interface RuleCost {
  readonly cpuSeconds: number;
  readonly cycles: number;
  readonly missed: number;
}

/** Rules are evaluated now, so these data end now: they are loaded anew, and go on while rules are evaluated. */
async function measureRules(name: EngineName, folder: string): Promise<RuleCost> {
  const streams = streamsOf([SLO_SET], Math.floor(Date.now() / INTERVAL) * INTERVAL);
  const feed = (client: HttpClient) => sendUntil(client, streams, Date.now() + AHEAD);
  await loadHistory(name, folder, feed);
  const engine = await startBenchEngine(name, {
    folder,
    config: `global: { evaluation_interval: ${EVALUATION_SECONDS}s }\nrule_files: [rules.yml]\n`,
    files: { 'rules.yml': ruleFile(`${EVALUATION_SECONDS}s`) },
  });
  const client = createHttpClient(engine.address);
  try {
    await feed(client);
    // The first evaluations restore state and come all at once.
    await sleep(1.5 * EVALUATION_SECONDS * 1000);
    const before = await counted(client, engine.pid);
    for (let cycle = 0; cycle < CYCLES; cycle++) {
      await sleep(EVALUATION_SECONDS * 1000);
      await feed(client);
    }
    const after = await counted(client, engine.pid);
    await assertRecorded(name, client);
    return {
      cpuSeconds: after.cpuSeconds - before.cpuSeconds,
      cycles: (after.evaluations - before.evaluations) / GROUPS,
      missed: after.missed - before.missed,
    };
  } finally {
    client.close();
    await engine.stop();
  }
}

async function loadHistory(
  name: EngineName,
  folder: string,
  feed: (client: HttpClient) => Promise<void>,
): Promise<void> {
  const engine = await startBenchEngine(name, { folder });
  const client = createHttpClient(engine.address);
  try {
    await feed(client);
    if (name === 'prometheus') await compacted(client);
  } finally {
    client.close();
    await engine.stop();
  }
}

async function counted(client: HttpClient, pid: number) {
  const { body } = await client.get('/metrics');
  const missed = metricSum(body, 'prometheus_rule_group_iterations_missed_total');
  return {
    missed,
    evaluations: metricSum(body, 'prometheus_rule_group_iterations_total') - missed,
    cpuSeconds: usageOf(pid).cpuSeconds,
  };
}

/** @throws when rules failed, or recorded nothing */
async function assertRecorded(name: EngineName, client: HttpClient): Promise<void> {
  const { body } = await client.get('/api/v1/rules');
  const { groups } = JSON.parse(body).data as {
    groups: { rules: { health: string; lastError?: string }[] }[];
  };
  const failed = groups.flatMap(({ rules }) => rules).filter(({ health }) => health !== 'ok');
  if (failed.length > 0) throw new Error(`${name}: ${failed.length} rules failed: ${failed[0]!.lastError}`);
  const query = 'count({__name__=~"slo:error_ratio:.*"})';
  const recorded = await client.get(`/api/v1/query?${new URLSearchParams({ query })}`);
  const found = Number(JSON.parse(recorded.body).data.result[0]?.value[1] ?? 0);
  if (found !== RECORDED) throw new Error(`${name}: ${found} series were recorded instead of ${RECORDED}`);
}

const ID = 'rules';

/** CPU time of an evaluation of 100 SLOs, everything else that the process does in the meantime included. */
export const rules: Subject = {
  ids: [ID],
  async *measure() {
    const costs: number[] = [];
    let rounds = 0;
    for (const name of ENGINE_NAMES) {
      const folder = mkdtempSync(join(tmpdir(), 'slo-guard-bench-rules-'));
      try {
        const { cpuSeconds, cycles, missed } = await measureRules(name, folder);
        progress(`${name}: ${cpuSeconds.toFixed(2)} CPU s in ${cycles.toFixed(2)} cycles, ${missed} missed`);
        costs.push(cpuSeconds / cycles);
        rounds = Math.round(cycles);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }
    yield {
      id: ID,
      title: 'rule cycle of 100 SLOs × 8 windows to 30 d + 2 alerts',
      unit: 'CPU s',
      ...lessIsBetter(costs[0]!, costs[1]!),
      goal: 50,
      rounds,
    };
  },
};
