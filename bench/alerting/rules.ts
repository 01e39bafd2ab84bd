import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ENGINE_NAMES, type EngineName, startEngine } from '../../test/peers/support/engine-process.ts';
import { createHttpClient, type HttpClient } from '../../test/peers/support/http-client.ts';
import { remoteWrite, writeBody } from '../../test/peers/support/write-request.ts';
import { metricSum } from '../engine/metrics-text.ts';
import { progress } from '../engine/progress.ts';
import { lessIsBetter, type Subject } from '../engine/row.ts';
import { usageOf } from '../stack/process-usage.ts';
import { ACTIVE } from './alerts.ts';
import { routingConfig, withRouter } from './routers.ts';

const RULES = 1_000;
const RULES_A_GROUP = 10;
const INTERVAL_SECONDS = 10;
/** The first evaluations restore state, and send every alert for the first time. */
const WARM_UP_SECONDS = 25;
const CYCLES = 4;
const ROUTING = { groupWait: '1h', groupInterval: '1h' };

/** Above what the rules ask for. */
const BURN_RATE = 20;

/** 1,000 rules of which each finds ten series above its threshold. */
function ruleFile(): string {
  const rule = (index: number) => ({
    alert: `BudgetBurn${index}`,
    expr: `burn_rate{rule="${index}"} > 14.4`,
    labels: { severity: 'page' },
    annotations: { summary: '{{ $labels.instance }} burns at {{ $value }}' },
  });
  const groups = Array.from({ length: RULES / RULES_A_GROUP }, (_, group) => ({
    name: `group-${group}`,
    interval: `${INTERVAL_SECONDS}s`,
    rules: Array.from({ length: RULES_A_GROUP }, (_, i) => rule(group * RULES_A_GROUP + i)),
  }));
  return JSON.stringify({ groups });
}

/** One sample of each series; the lookback of five minutes outlasts the measurement. */
async function feed(client: HttpClient): Promise<void> {
  const timestamps = [Date.now()];
  const values = Float64Array.of(BURN_RATE);
  const series = Array.from({ length: ACTIVE }, (_, index) => ({
    labels: [
      ...['__name__', 'burn_rate'],
      ...['instance', `instance-${Math.floor(index / RULES)}`],
      ...['rule', String(index % RULES)],
    ],
    timestamps,
    values,
  }));
  await remoteWrite(client, writeBody(series));
}

/** What evaluating and routing cost: of Prometheus and Alertmanager together, of the one guard. */
async function measureRules(name: EngineName, alertmanagers: readonly string[], pids: readonly number[]) {
  const folder = mkdtempSync(join(tmpdir(), 'slo-guard-bench-alert-rules-'));
  const engine = await startEngine(name, {
    folder,
    config: JSON.stringify({
      global: { evaluation_interval: `${INTERVAL_SECONDS}s` },
      rule_files: ['rules.yml'],
      alerting: { alertmanagers: [{ static_configs: [{ targets: alertmanagers }] }] },
    }),
    files: { 'rules.yml': ruleFile() },
  });
  const client = createHttpClient(engine.address);
  try {
    await feed(client);
    await sleep(WARM_UP_SECONDS * 1000);
    const before = await counted(client, [engine.pid, ...pids]);
    await sleep(CYCLES * INTERVAL_SECONDS * 1000);
    const after = await counted(client, [engine.pid, ...pids]);
    await assertFiring(name, client);
    const cycles = (after.evaluations - before.evaluations) / (RULES / RULES_A_GROUP);
    const cpuSeconds = after.cpuSeconds - before.cpuSeconds;
    const missed = after.missed - before.missed;
    progress(`${name}: ${cpuSeconds.toFixed(2)} CPU s in ${cycles.toFixed(2)} cycles, ${missed} missed`);
    return cpuSeconds / cycles;
  } finally {
    client.close();
    await engine.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function counted(client: HttpClient, pids: readonly number[]) {
  const { body } = await client.get('/metrics');
  const missed = metricSum(body, 'prometheus_rule_group_iterations_missed_total');
  return {
    missed,
    evaluations: metricSum(body, 'prometheus_rule_group_iterations_total') - missed,
    cpuSeconds: pids.reduce((sum, pid) => sum + usageOf(pid).cpuSeconds, 0),
  };
}

/** @throws unless every alert fires */
async function assertFiring(name: EngineName, client: HttpClient): Promise<void> {
  const { alerts } = JSON.parse((await client.get('/api/v1/alerts')).body).data;
  const firing = alerts.filter(({ state }: { state: string }) => state === 'firing').length;
  if (firing !== ACTIVE) throw new Error(`${name}: ${firing} alerts fire instead of ${ACTIVE}`);
}

export const rules: Subject = {
  ids: ['rules'],
  async *measure() {
    const [prometheus, guard] = ENGINE_NAMES;
    const theirs = await withRouter('alertmanager', routingConfig(undefined, ROUTING), ({ router }) =>
      measureRules(prometheus, [router.address], [router.pid]),
    );
    const ours = await measureRules(guard, [], []);
    yield {
      id: 'rules',
      title: 'cycle of 1,000 alert rules with 10,000 active alerts, sending and routing included',
      unit: 'CPU s',
      ...lessIsBetter(theirs, ours),
      goal: 1,
      rounds: CYCLES,
    };
  },
};
