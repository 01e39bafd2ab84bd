import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Alert } from '../../packages/guard/src/alertmanager/alert.ts';
import { loadAlertmanagerConfig } from '../../packages/guard/src/alertmanager/index.ts';
import { createInhibitor } from '../../packages/guard/src/alertmanager/inhibitor.ts';
import { readTextFile } from '../../packages/guard/src/config/index.ts';
import { createVirtualClock, Labels } from '../../packages/guard/src/core/index.ts';
import { renderFailure, runRuleTestFile } from '../../packages/guard/src/rule-tests/index.ts';

const ROOT = join(import.meta.dirname, '../..');

describe('the rules on own failures', () => {
  const { groups } = parse(readFileSync(join(ROOT, 'deploy/prometheus/watch.yml'), 'utf8')) as {
    groups: {
      rules: {
        alert: string;
        expr: string;
        for?: string;
        labels: object;
        annotations: { runbook_url: string };
      }[];
    }[];
  };
  const rules = groups.flatMap(group => group.rules);
  const sections = readFileSync(join(ROOT, 'docs/runbook.md'), 'utf8')
    .split('\n')
    .flatMap(line => /^#+ (.+)$/.exec(line)?.[1]?.toLowerCase() ?? []);

  test('are one that fires always, and tickets after minutes', () => {
    const [watchdog, ...others] = rules;
    expect(watchdog).toMatchObject({ alert: 'Watchdog', expr: 'vector(1)', labels: { severity: 'none' } });
    expect(watchdog).not.toHaveProperty('for');
    expect(others.length).toBeGreaterThan(8);
    for (const rule of others) {
      expect(rule.labels, rule.alert).toEqual({ severity: 'ticket' });
      expect(rule.for, rule.alert).toMatch(/^[1-5]m$/);
    }
  });

  test.each(rules)('$alert leads to its section of the runbook', ({ alert, annotations }) => {
    expect(annotations.runbook_url).toBe(`docs/runbook.md#${alert.toLowerCase()}`);
    expect(sections).toContain(alert.toLowerCase());
  });

  test('are told while a page fires that is of no SLO', () => {
    const file = 'deploy/alertmanager/alertmanager.yml';
    const config = loadAlertmanagerConfig(file, readFileSync(join(ROOT, file), 'utf8'));
    const inhibitor = createInhibitor(config.inhibitRules);
    const page = (alertname: string, of: Record<string, string>): Alert => ({
      fingerprint: alertname,
      labels: Labels.of({ alertname, severity: 'page', ...of }),
      annotations: Labels.EMPTY,
      generatorUrl: '',
      startsAt: 0,
      endsAt: 1000,
      updatedAt: 0,
      timeout: false,
    });
    const slo = { service: 'service_b', slo: 'availability' };
    inhibitor.observe(page('TargetDown', { job: 'service_a' }));
    inhibitor.observe(page('SLOServiceBErrorBudgetBurnFast', slo));
    const inhibitedBy = (labels: Record<string, string>) => inhibitor.inhibitedBy(Labels.of(labels), 500);
    for (const { alert, labels } of rules)
      expect(inhibitedBy({ alertname: alert, ...labels }), alert).toBeUndefined();
    expect(inhibitedBy({ severity: 'ticket', ...slo })).toBe('SLOServiceBErrorBudgetBurnFast');
  });

  test('pass their unit tests', async () => {
    const file = join(ROOT, 'deploy/prometheus/watch.test.yml');
    const outcome = await runRuleTestFile(file, { clock: createVirtualClock(0), readFile: readTextFile });
    expect(outcome.refusal).toBeUndefined();
    expect(
      outcome.groups.flatMap(({ name, failures }) => failures.map(one => renderFailure(one, name))),
    ).toEqual([]);
    expect(outcome.groups.length).toBeGreaterThan(3);
  });
});
