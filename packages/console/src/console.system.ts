import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lineStyle } from './chart/windows.ts';
import { launchBrowser, openWatched, type WatchedPage } from './testing/browser.ts';
import { type FakeGuard, startFakeGuard } from './testing/fake-guard.ts';
import { incident, noObjectives, noTraffic, TRACE_ID } from './testing/fixtures.ts';
import { FINGERPRINT } from './testing/history-fixture.ts';
import { auditPage } from './testing/page-audit.ts';

const CONSOLE = dirname(dirname(fileURLToPath(import.meta.url)));
const PATIENCE = { timeout: 20_000, interval: 100 };

let dist: string;
let browser: Browser;
let guard: FakeGuard;
let watched: WatchedPage | undefined;

beforeAll(async () => {
  dist = await mkdtemp(join(tmpdir(), 'console-dist-'));
  const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin', 'vite.js');
  // Vitest's NODE_ENV would build React for development.
  const env = { ...process.env, NODE_ENV: 'production' };
  const command = [vite, 'build', '--outDir', dist, '--emptyOutDir', '--logLevel', 'error'];
  await promisify(execFile)(process.execPath, command, { cwd: CONSOLE, env });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  if (dist) await rm(dist, { recursive: true });
});

beforeEach(async () => {
  guard = await startFakeGuard(dist, incident);
});

afterEach(async () => {
  await watched?.close();
  watched = undefined;
  await guard.close();
});

async function open(path: string, options?: BrowserContextOptions): Promise<Page> {
  watched = await openWatched(browser, guard.address + path, options);
  return watched.page;
}

/** Everything the page complained of but the answers that a test made fail on purpose. */
function complaints(): string[] {
  return (watched?.complaints ?? []).filter(text => !text.startsWith('Failed to load resource'));
}

const card = (page: Page, name: string): Locator => page.getByTestId(`slo-${name}`);
const stateOf = (where: Locator): Promise<string | null> =>
  where.getByTestId('state').first().getAttribute('data-state');

/** What a reader sees, which differs from the content where something is hidden. */
const textOf = (where: Locator): Promise<string> => where.innerText();

describe('the overview', () => {
  it('shows each state as itself, with its severity, and no complaint from the browser', async () => {
    const page = await open('/');
    await card(page, 'service_a-availability').getByTestId('threshold').first().waitFor();
    expect(await stateOf(card(page, 'service_a-availability'))).toBe('firing');
    expect(await stateOf(card(page, 'service_a-latency'))).toBe('pending');
    expect(await stateOf(card(page, 'service_b-availability'))).toBe('ok');
    expect(await stateOf(card(page, 'service_b-latency'))).toBe('no-data');
    expect(await textOf(card(page, 'service_a-availability').getByTestId('state'))).toBe('firing page');
    expect(await textOf(page.getByTestId('summary'))).toMatch(/1 firing page\s+1 pending\s+1 no data\s+1 ok/);
    expect(await page.title()).toBe('1 firing page, 1 pending, 1 no data, 1 ok · slo-guard');
    expect(watched?.complaints).toEqual([]);
    expect(guard.unknown).toEqual([]);
  });

  it('never lets missing data look like health', async () => {
    const page = await open('/');
    const lost = card(page, 'service_b-latency');
    await lost.getByText('no samples in this range').waitFor();
    expect(await lost.locator('.badge-ok, .edge-ok, .meter-good').count()).toBe(0);
    expect(await textOf(lost.getByTestId('burn-now'))).not.toContain('×');
    expect(await textOf(lost.getByTestId('budget'))).toContain('Budget unknown');
  });

  it('says what is left of a budget and how much of its period that was measured over', async () => {
    const page = await open('/');
    const budget = card(page, 'service_b-availability').getByTestId('budget');
    expect(await textOf(budget)).toBe('98.2 % left · measured over 6 min of 30 d');
    const burning = card(page, 'service_a-availability').getByTestId('budget');
    expect(await textOf(burning)).toContain('at 78.4× (5m) the rest is gone in 6 h 32 min');
  });

  it('draws the lines and lays the thresholds, named, at their height', async () => {
    const page = await open('/', { colorScheme: 'light' });
    const burning = card(page, 'service_a-availability');
    const fast = burning.getByTestId('threshold').filter({ hasText: 'SLOServiceAErrorBudgetBurnFast' });
    const slow = burning.getByTestId('threshold').filter({ hasText: 'SLOServiceAErrorBudgetBurnSlow' });
    expect(await textOf(fast)).toContain('14.4× in 5m and 1h');
    const plot = (await burning.locator('.u-over').boundingBox())!;
    const fastTop = (await fast.boundingBox())!.y;
    const slowTop = (await slow.boundingBox())!.y;
    expect(fastTop).toBeGreaterThan(plot.y);
    expect(slowTop).toBeGreaterThan(fastTop + 12);
    expect(slowTop).toBeLessThan(plot.y + plot.height);
    for (const window of ['5m', '1h']) {
      const color = lineStyle(['5m', '30m', '1h', '6h'], window).light;
      const pixels = () => pixelsOf(burning.locator('canvas'), color);
      await expect.poll(pixels, PATIENCE).toBeGreaterThan(100);
    }
  });

  it('marks a lone sample, which a line cannot show', async () => {
    guard.become(now => ({ ...incident(now), burn: () => null }));
    const page = await open('/', { colorScheme: 'light' });
    const calm = card(page, 'service_b-availability');
    const color = lineStyle(['5m', '30m', '1h', '6h'], '1h').light;
    await calm.getByText('no samples in this range').waitFor();
    expect(await pixelsOf(calm.locator('canvas'), color)).toBe(0);
    guard.become(now => ({ ...incident(now), burn: (_slo, _window, ago) => (ago < 0.05 ? 5 : null) }));
    await expect.poll(() => pixelsOf(calm.locator('canvas'), color), PATIENCE).toBeGreaterThan(4);
  });

  it('tells of notifications with their outcome, attempts and reason', async () => {
    const page = await open('/');
    const rows = page.getByTestId('notifications').locator('tbody tr');
    await rows.first().waitFor();
    expect(await rows.count()).toBe(4);
    expect(await rows.nth(0).locator('[data-outcome]').getAttribute('data-outcome')).toBe('delivered');
    expect(await textOf(rows.nth(1))).toContain('3 attempts');
    expect(await textOf(rows.nth(1))).toContain('answered 503');
    expect(await rows.nth(3).locator('[data-outcome]').getAttribute('data-outcome')).toBe('failed');
  });

  it('lists alerts of no objective beside those of one, the ones that page first', async () => {
    const page = await open('/');
    const rows = page.getByTestId('active-alerts').locator('tbody tr');
    await rows.first().waitFor();
    const names = await rows.locator('td:nth-child(2)').allInnerTexts();
    expect(names).toEqual([
      'SLOServiceAErrorBudgetBurnFast',
      'ServiceADependencyErrors',
      'SLOServiceALatencyBudgetBurnSlow',
    ]);
  });

  it('shows warnings and dead scrape targets on top', async () => {
    guard.become(now => {
      const scenario = incident(now);
      const broken = { health: 'down', lastError: 'connection refused' } as const;
      Object.assign(scenario.meta.targets[1]!, broken);
      return scenario;
    });
    const page = await open('/');
    expect(await textOf(page.getByTestId('warning'))).toContain('Time is scaled 60×');
    expect(await textOf(page.getByTestId('time-scale'))).toBe('time ×60');
    expect(await textOf(page.getByTestId('target-down'))).toContain('connection refused');
  });

  it('follows an incident without being reloaded', async () => {
    guard.become(noTraffic);
    const page = await open('/');
    await expect.poll(() => stateOf(card(page, 'service_a-availability')), PATIENCE).toBe('no-data');
    guard.become(incident);
    await expect.poll(() => stateOf(card(page, 'service_a-availability')), PATIENCE).toBe('firing');
    expect(await page.getByTestId('first-steps').locator('summary').isVisible()).toBe(true);
  });
});

describe('before anything happened', () => {
  it('teaches the three commands of the demonstration, with the ports in use', async () => {
    guard.become(noTraffic);
    const page = await open('/');
    const steps = page.getByTestId('first-steps');
    await steps.locator('pre').nth(2).waitFor();
    expect(await steps.locator('pre').allInnerTexts()).toEqual([
      `curl -X POST http://127.0.0.1:8002/admin/failmode -H "Content-Type: application/json" -d '{"mode": "error", "error_rate": 1.0}'`,
      'for i in $(seq 1 100); do curl -s http://127.0.0.1:8001/work > /dev/null; done',
      `curl -X POST http://127.0.0.1:8002/admin/failmode -d '{"mode": "none"}'`,
    ]);
    expect(complaints()).toEqual([]);
  });

  it('says how to load objectives where there are none, and offers no demonstration', async () => {
    guard.become(noObjectives);
    const page = await open('/');
    await page.getByTestId('no-slos').waitFor();
    expect(await page.getByTestId('first-steps').count()).toBe(0);
  });
});

describe('when the guard does not answer', () => {
  it.each(['failing', 'hanging'] as const)(
    'marks everything as stale while it is %s, and recovers',
    async trouble => {
      const page = await open('/');
      await card(page, 'service_b-availability').getByTestId('state').waitFor();
      guard.become(trouble);
      await page.getByTestId('connection-lost').waitFor(PATIENCE);
      const badge = card(page, 'service_b-availability').getByTestId('state');
      await expect.poll(() => textOf(badge), PATIENCE).toBe('stale · was OK');
      await expect.poll(() => page.locator('.badge-ok:not(.stale *)').count(), PATIENCE).toBe(0);
      expect(await textOf(page.getByTestId('liveness'))).toContain('seen');
      guard.become(incident);
      await page.getByTestId('connection-lost').waitFor({ state: 'detached', ...PATIENCE });
      await expect.poll(() => textOf(badge), PATIENCE).toBe('OK');
      expect(complaints()).toEqual([]);
    },
  );

  it('claims nothing when it was never reached', async () => {
    guard.become('failing');
    const page = await open('/');
    const banner = page.getByTestId('connection-lost');
    await banner.waitFor(PATIENCE);
    expect(await textOf(banner)).toContain('Nothing is known about any objective');
    expect(await page.locator('.badge').count()).toBe(0);
    expect(await page.getByText('No alert is pending or firing').count()).toBe(0);
  });
});

describe('the page of an objective', () => {
  it('draws the windows and range that are chosen, and keeps at least one window', async () => {
    const asked: string[] = [];
    const page = await open('/slo/service_a/availability');
    page.on('request', request => {
      if (request.url().includes('/burn?')) asked.push(new URL(request.url()).search);
    });
    await page.getByTestId('threshold').first().waitFor();
    await page.getByText('6h', { exact: true }).first().click();
    await expect.poll(() => asked.at(-1), PATIENCE).toBe('?windows=5m,1h,6h&minutes=30');
    await page.getByTestId('range').getByText('6 h').click();
    await expect.poll(() => asked.at(-1), PATIENCE).toBe('?windows=5m,1h,6h&minutes=360');
    for (const window of ['5m', '1h', '6h']) await page.getByTestId(`window-${window}`).press('Space');
    await expect.poll(() => asked.at(-1), PATIENCE).toBe('?windows=6h&minutes=360');
    await page.getByTestId('threshold').first().waitFor();
    expect(complaints()).toEqual([]);
  });

  it('shows each alert with its condition, value and since when', async () => {
    const page = await open('/slo/service_a/availability');
    const rows = page.getByTestId('slo-alerts').locator('tbody tr');
    await rows.first().waitFor();
    expect(await textOf(rows.nth(0))).toMatch(/firing page[\s\S]*5m and 1h above 14\.4×[\s\S]*78\.4×/);
    expect(await stateOf(rows.nth(1))).toBe('inactive');
  });

  it('says so when there is no such objective', async () => {
    const page = await open('/slo/service_x/availability');
    await page.getByTestId('unknown-slo').waitFor();
  });
});

describe('the page of an alert', () => {
  it('is reached from the overview by keyboard, and says what it waits for and what was decided and why', async () => {
    const page = await open('/');
    const link = page
      .getByTestId('active-alerts')
      .getByRole('link', { name: 'SLOServiceAErrorBudgetBurnFast' });
    await link.focus();
    await page.keyboard.press('Enter');
    const table = page.getByRole('table', { name: 'What was decided' });
    const rows = table.locator('tbody').getByRole('row');
    await rows.first().waitFor();
    expect(page.url()).toBe(`${guard.address}/alert/${FINGERPRINT}`);
    expect(await page.title()).toBe('SLOServiceAErrorBudgetBurnFast · slo-guard');
    const told = await rows.allInnerTexts();
    expect(told.map(text => text.replaceAll(/\s+/g, ' '))).toEqual([
      expect.stringMatching(/not sent silenced by 3b1f8f0e.* · 3 times in a row chat/),
      expect.stringMatching(/sent first notification: status 200 at attempt 2 webhook/),
      expect.stringMatching(/failed unexpected status code 503 webhook/),
      expect.stringMatching(/not sent inhibited by 00aa11bb22cc33dd chat/),
    ]);
    expect(await table.getByRole('columnheader').allInnerTexts()).toEqual([
      'Decided',
      'Decision',
      'Why',
      'Receiver',
      'Group',
    ]);
    const waits = page.getByRole('region', { name: 'What it waits for' }).getByRole('listitem');
    expect(await waits.allInnerTexts()).toEqual([
      expect.stringMatching(/^chat waits for group_wait, before/),
      expect.stringMatching(/^webhook waits for group_interval, .*: \d\d:\d\d:\d\d, \d+ s more$/),
    ]);
    const labels = page.getByRole('list', { name: 'Labels' }).getByRole('listitem');
    expect(await labels.allInnerTexts()).toContain('severity page');
    expect(complaints()).toEqual([]);
  });

  it('leads nowhere for what is pending, which the router has not heard of', async () => {
    const page = await open('/');
    const alerts = page.getByTestId('active-alerts');
    await alerts.getByText('SLOServiceALatencyBudgetBurnSlow').waitFor();
    expect(await alerts.getByRole('link', { name: 'SLOServiceALatencyBudgetBurnSlow' }).count()).toBe(0);
  });

  it('says what is remembered of one that the router holds no more, and when there is none', async () => {
    guard.become(now => {
      const scenario = incident(now);
      return { ...scenario, history: { ...scenario.history, alert: null, waits: [] } };
    });
    const page = await open(`/alert/${FINGERPRINT}`);
    await page.getByText('The router holds it no more').waitFor();
    expect(await page.getByTestId('waits').count()).toBe(0);
    await watched?.close();
    await (await open('/alert/0000000000000000')).getByTestId('unknown-alert').waitFor();
  });
});

describe('the page of a trace', () => {
  it('is reached from the overview and shows the tree, its errors and, by keyboard, attributes and events', async () => {
    const page = await open('/');
    await page.getByTestId('traces').getByRole('link').first().click();
    const spans = page.getByTestId('span');
    await spans.first().waitFor();
    expect(page.url()).toBe(`${guard.address}/trace/${TRACE_ID}`);
    expect(await spans.count()).toBe(6);
    expect(await page.locator('[data-testid="span"][data-error="true"]').count()).toBe(3);
    expect(await textOf(spans.last())).toContain('its parent was not received');
    const compute = spans.filter({ hasText: 'GET /compute' }).getByRole('button');
    await compute.focus();
    await page.keyboard.press('Enter');
    expect(await compute.getAttribute('aria-expanded')).toBe('true');
    const details = await textOf(page.getByTestId('span-details'));
    expect(details).toContain('http.response.status_code');
    expect(details).toContain('fault.injected');
    expect(complaints()).toEqual([]);
  });

  it('says so when there is no such trace', async () => {
    const page = await open('/trace/0123456789abcdef0123456789abcdef');
    await page.getByTestId('unknown-trace').waitFor();
  });
});

describe('for everybody', () => {
  const pages = ['/', '/slo/service_a/latency', `/alert/${FINGERPRINT}`, `/trace/${TRACE_ID}`, '/nowhere'];
  const screens: [name: string, options: BrowserContextOptions][] = [
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['400 px', { viewport: { width: 400, height: 800 } }],
  ];

  it.each(screens)('every page stands up to the audit: %s', async (_name, options) => {
    for (const path of pages) {
      const page = await open(path, options);
      await page.getByRole('heading', { level: 1 }).waitFor();
      if (path === '/') await page.getByTestId('threshold').nth(7).waitFor();
      expect(await page.evaluate(auditPage), path).toEqual([]);
      expect(complaints()).toEqual([]);
      await watched?.close();
    }
  });

  it('is the colour the reader chose before the first paint, and after a reload', async () => {
    const page = await open('/', { colorScheme: 'light' });
    await page.getByRole('button', { name: 'Switch to dark colours' }).click();
    await page.reload();
    await page.getByRole('button', { name: 'Switch to light colours' }).waitFor();
    expect(await page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark');
  });

  it('leads the keyboard past the header to the first objective', async () => {
    const page = await open('/');
    await card(page, 'service_a-availability').waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to content');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('service_a availability');
  });
});

/** How many pixels of a canvas have a colour, given as `#rrggbb`. */
function pixelsOf(canvas: Locator, color: string): Promise<number> {
  return canvas.evaluate((element, hex) => {
    const picture = element as HTMLCanvasElement;
    const wanted = [1, 3, 5].map(at => Number.parseInt(hex.slice(at, at + 2), 16));
    const pixels = picture.getContext('2d')?.getImageData(0, 0, picture.width, picture.height).data ?? [];
    let count = 0;
    for (let i = 0; i < pixels.length; i += 4) {
      if (wanted.every((channel, offset) => pixels[i + offset] === channel)) count += 1;
    }
    return count;
  }, color);
}
