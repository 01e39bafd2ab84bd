import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  childrenOf,
  eventually,
  freePortsByName,
  getJson,
  guardOf,
  isAlive,
  type Ports,
  shell,
  startUp,
  type Up,
} from './support.ts';

/**
 * The article's story over real processes: `slo-guard up`, its own curl commands, the burn rate, the page, the trace,
 * the console in a browser, a guard killed in the middle, and Ctrl-C at the end. The steps build on each other.
 */
describe('the story of the article', () => {
  let ports: Ports;
  let folder: string;
  let up: Up;
  const url = (name: keyof Ports, path: string) => `http://127.0.0.1:${ports[name]}${path}`;
  const query = async (expr: string) => {
    const answer = await getJson<{
      data: { result: { metric: Record<string, string>; value: [number, string] }[] };
    }>(url('prometheus', `/api/v1/query?query=${encodeURIComponent(expr)}`));
    return answer.data.result;
  };
  const received = async (alertname: string, status: string) => {
    const { notifications } = await getJson<{
      notifications: { status: string; labels: Record<string, string> }[];
    }>(url('webhook-receiver', '/api/notifications'));
    return notifications.find(one => one.labels.alertname === alertname && one.status === status);
  };

  beforeAll(async () => {
    ports = await freePortsByName();
    folder = mkdtempSync(join(tmpdir(), 'slo-guard-story-'));
    up = startUp(ports, folder);
    await eventually('all ready', 30, async () => up.output().includes('all ready') || undefined);
  });
  afterAll(async () => {
    if (up.process.exitCode === null) {
      up.process.kill('SIGTERM');
      await up.ended;
    }
    rmSync(folder, { recursive: true, force: true });
  });

  it('scrapes every target', async () => {
    const targets = await eventually('targets up', 15, async () => {
      const { data } = await getJson<{
        data: { activeTargets: { health: string; labels: { job: string } }[] };
      }>(url('prometheus', '/api/v1/targets'));
      return data.activeTargets.every(({ health }) => health === 'up') ? data.activeTargets : undefined;
    });
    expect(targets.map(({ labels }) => labels.job).sort()).toEqual(['service_a', 'service_b', 'slo-guard']);
    const { data } = await getJson<{ data: { groups: { rules: { name: string }[] }[] } }>(
      url('prometheus', '/api/v1/rules'),
    );
    const names = data.groups.flatMap(({ rules }) => rules.map(({ name }) => name));
    expect(names).toEqual(
      expect.arrayContaining(['SLOServiceAErrorBudgetBurnFast', 'TargetDown', 'service_a:burn_rate:5m']),
    );
  });

  it('has its heartbeat expected as stack.yaml says', async () => {
    const heartbeat = await eventually('the first heartbeat', 30, async () => {
      const view = await getJson<{ state: string }>(url('webhook-receiver', '/api/heartbeat'));
      return view.state === 'alive' ? view : undefined;
    });
    expect(heartbeat).toMatchObject({ expectedIntervalSeconds: 30, lateAfterSeconds: 120 });
  });

  it("burns the budget with the article's own commands, and pages", async () => {
    const injected = await shell(
      `curl -s -X POST http://localhost:8002/admin/failmode \\
        -H "Content-Type: application/json" \\
        -d '{"mode": "error", "error_rate": 1.0}'`,
      ports,
    );
    expect(JSON.parse(injected)).toMatchObject({ mode: 'error', error_rate: 1 });
    await shell(
      `for i in $(seq 1 100); do
        curl -s http://localhost:8001/work > /dev/null
      done`,
      ports,
    );
    const [burn] = await eventually('a burn rate far above 14.4', 15, async () => {
      const result = await query('service_a:burn_rate:5m');
      return Number(result[0]?.value[1]) > 14.4 ? result : undefined;
    });
    expect(Number(burn!.value[1])).toBeCloseTo(100, 5);
    await eventually('the page', 30, () => received('SLOServiceAErrorBudgetBurnFast', 'firing'));
    const alerts = await getJson<{ labels: Record<string, string>; status: { state: string } }[]>(
      url('alertmanager', '/api/v2/alerts'),
    );
    const ticket = alerts.find(({ labels }) => labels.alertname === 'SLOServiceAErrorBudgetBurnSlow');
    expect(ticket).toMatchObject({ labels: { severity: 'ticket' }, status: { state: 'suppressed' } });
  });

  it('has a trace with both services in one tree', async () => {
    interface Span {
      readonly spanID: string;
      readonly processID: string;
      readonly operationName: string;
      readonly references: readonly { spanID: string }[];
    }
    const trace = await eventually('a joined trace', 20, async () => {
      const { data } = await getJson<{
        data: { spans: Span[]; processes: Record<string, { serviceName: string }> }[];
      }>(url('jaeger', '/api/traces?service=service_a&limit=20'));
      return data.find(
        one => new Set(Object.values(one.processes).map(({ serviceName }) => serviceName)).size === 2,
      );
    });
    const serviceOf = (span: Span) => trace.processes[span.processID]!.serviceName;
    const byId = new Map(trace.spans.map(span => [span.spanID, span]));
    const chain: string[] = [];
    let span = trace.spans.find(one => serviceOf(one) === 'service_b');
    for (; span; span = byId.get(span.references[0]?.spanID ?? '')) chain.unshift(serviceOf(span));
    expect(chain[0]).toBe('service_a');
    expect(chain.at(-1)).toBe('service_b');
    expect(chain.filter(name => name === 'service_a').length).toBeGreaterThanOrEqual(2);
  });

  it('shows the spike, the page and the trace in the console', async () => {
    const browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
      const problems: string[] = [];
      page.on('console', message => message.type() === 'error' && problems.push(message.text()));
      page.on('pageerror', error => problems.push(error.message));
      await page.goto(url('console', '/'));
      await page.getByText('SLOServiceAErrorBudgetBurnFast').first().waitFor();
      await page.locator('canvas').first().waitFor();
      if (process.env.SCREENSHOTS)
        await page.screenshot({ path: join(process.env.SCREENSHOTS, 'story-firing.png'), fullPage: true });
      await page.locator('a[href*="/trace/"]').first().click();
      await page.getByText('service_b').first().waitFor();
      expect(problems).toEqual([]);
    } finally {
      await browser.close();
    }
  });

  it('keeps samples, alert state and spans through kill -9 of the guard, and starts it again', async () => {
    const countBefore = Number(
      (await query('count_over_time(service_a_requests_total{status="error"}[10m])'))[0]!.value[1],
    );
    const alertsBefore = await getJson<{
      data: { alerts: { labels: Record<string, string>; activeAt: string; state: string }[] };
    }>(url('prometheus', '/api/v1/alerts'));
    const fast = alertsBefore.data.alerts.find(
      ({ labels }) => labels.alertname === 'SLOServiceAErrorBudgetBurnFast',
    )!;
    const traces = await getJson<{ data: { traceID: string }[] }>(
      url('jaeger', '/api/traces?service=service_a&limit=5'),
    );
    const killed = guardOf(up.process.pid!);
    process.kill(killed, 'SIGKILL');
    await eventually('the guard again', 30, async () => {
      const pid = guardOf(up.process.pid!);
      await getJson(url('prometheus', '/api/v1/status/buildinfo'));
      return pid !== killed || undefined;
    });
    expect(up.output()).toMatch(/slo-guard crashed \(signal SIGKILL\)/);
    const countAfter = Number(
      (await query('count_over_time(service_a_requests_total{status="error"}[10m])'))[0]!.value[1],
    );
    expect(countAfter).toBeGreaterThanOrEqual(countBefore);
    // ALERTS_FOR_STATE holds whole seconds, in Prometheus too.
    const since = Math.floor(Date.parse(fast.activeAt) / 1000);
    await eventually('the alert restored', 30, async () => {
      const { data: now } = await getJson<typeof alertsBefore>(url('prometheus', '/api/v1/alerts'));
      return now.alerts.find(
        ({ labels, state, activeAt }) =>
          labels.alertname === 'SLOServiceAErrorBudgetBurnFast' &&
          state === 'firing' &&
          Date.parse(activeAt) / 1000 === since,
      );
    });
    const kept = await getJson<{ data: unknown[] }>(url('jaeger', `/api/traces/${traces.data[0]!.traceID}`));
    expect(kept.data).toHaveLength(1);
    const { notifications } = await getJson<{ notifications: { labels: Record<string, string> }[] }>(
      url('webhook-receiver', '/api/notifications'),
    );
    const incidents = notifications.filter(
      ({ labels }) => labels.alertname === 'SLOServiceAErrorBudgetBurnFast',
    );
    expect(incidents, 'the same incident, not a second one').toHaveLength(1);
  });

  it("is reset by the article's command without a content type", async () => {
    const reset = await shell(
      `curl -s -X POST http://localhost:8002/admin/failmode -d '{"mode": "none"}'`,
      ports,
    );
    expect(JSON.parse(reset)).toMatchObject({ mode: 'none', ends_at: null });
    expect(await shell(`curl -s -o /dev/null -w '%{http_code}' http://localhost:8001/work`, ports)).toBe(
      '200',
    );
  });

  it('names port, part and flag when it is started a second time', async () => {
    const second = startUp(ports, join(folder, 'second'));
    expect(await second.ended).toBe(2);
    expect(second.output()).toContain(`port ${ports.service_a} on 127.0.0.1 for service_a is in use`);
    expect(second.output()).toContain('--port service_a=');
  });

  it('stops everything within five seconds of Ctrl-C and leaves nothing behind', async () => {
    const pids = childrenOf(up.process.pid!);
    expect(pids).toHaveLength(4);
    const startedAt = performance.now();
    up.process.kill('SIGINT');
    expect(await up.ended).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(pids.filter(isAlive)).toEqual([]);
    for (const port of Object.values(ports))
      await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  });
});
