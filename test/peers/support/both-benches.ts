import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { eventually } from '../../story/support.ts';
import { ENGINE_NAMES } from './engine-process.ts';
import { type RuleBench, startRuleBench } from './rule-bench.ts';

const folder = mkdtempSync(join(tmpdir(), 'slo-guard-live-rules-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let benches = 0;

/** Runs the scenario on the real Prometheus and on the guard, beside each other. */
export async function onBoth(
  rules: string,
  flags: readonly string[],
  scenario: (bench: RuleBench) => Promise<void>,
): Promise<void> {
  const outcomes = await Promise.allSettled(
    ENGINE_NAMES.map(async name => {
      const bench = await startRuleBench({ name, folder: join(folder, `${benches++}`), rules, flags });
      try {
        await scenario(bench);
      } finally {
        await bench.stop();
      }
    }),
  );
  const failures = outcomes.flatMap((outcome, i) =>
    outcome.status === 'rejected' ? [`${ENGINE_NAMES[i]}: ${outcome.reason?.stack}`] : [],
  );
  expect(failures.join('\n')).toBe('');
}

export const alertsOf = async (bench: RuleBench, name: string) =>
  // biome-ignore lint/suspicious/noExplicitAny: an answer of the API
  (await bench.api('/api/v1/alerts')).data.alerts.filter((alert: any) => alert.labels.alertname === name);

/** The alert, once it is in this state. */
export const alertIn = (bench: RuleBench, name: string, state: string) =>
  eventually(`${name} ${state} at ${bench.name}`, 40, async () =>
    // biome-ignore lint/suspicious/noExplicitAny: an answer of the API
    (await alertsOf(bench, name)).find((alert: any) => alert.state === state),
  );

/** Once the rules are evaluated and somebody is sent to. */
export const ready = (bench: RuleBench) =>
  eventually(`rules of ${bench.name}`, 60, async () => {
    const { groups } = (await bench.api('/api/v1/rules')).data;
    const { activeAlertmanagers } = (await bench.api('/api/v1/alertmanagers')).data;
    // biome-ignore lint/suspicious/noExplicitAny: an answer of the API
    const isEvaluated = groups.every((group: any) => group.rules.every((rule: any) => rule.health === 'ok'));
    const scraped = (await bench.api('/api/v1/query?query=m')).data.result.length > 0;
    return (isEvaluated && activeAlertmanagers.length === 1 && scraped) || undefined;
  });
