import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createSystemClock } from '../core/index.ts';
import { generateRules } from '../generate/index.ts';
import { parseSeries } from '../promql/index.ts';
import { encodeWriteRequest, snappyCompress, WRITE_HEADERS } from '../remote-write/index.ts';
import { ask, eventually, type GuardFolder, guardFolder, startIn } from '../server/guard.testing.ts';
import type { Guard } from '../server/index.ts';
import { loadSloFiles } from '../slo/index.ts';
import { main } from './index.ts';

const STEP = 15_000;

/** 70 minutes of a shop where one order in eleven fails, and none of the pages. */
const SERIES = [
  'orders_total{job="shop", status="success"} 0+15x280',
  'orders_total{job="shop", status="error"} 0+1.5x280',
  'pages_total{job="shop", status="success"} 0+150x280',
  'pages_total{job="shop", status="error"} 0x280',
  'page_seconds_count{job="shop"} 0+150x280',
  'page_seconds_bucket{job="shop", le="0.1"} 0+149x280',
  'page_seconds_bucket{job="shop", le="0.5"} 0+150x280',
  'page_seconds_bucket{job="shop", le="+Inf"} 0+150x280',
];

const slo = (name: string, bad: string, total: string) => `---
apiVersion: openslo/v1
kind: SLO
metadata: { name: ${name} }
spec:
  service: shop
  indicator:
    spec:
      ratioMetric:
        counter: true
        bad: { metricSource: { type: Prometheus, spec: { query: '${bad}' } } }
        total: { metricSource: { type: Prometheus, spec: { query: '${total}' } } }
  timeWindow: [{ duration: 30d, isRolling: true }]
  budgetingMethod: Occurrences
  objectives: [{ target: 0.999 }]
`;
const SERVICE = 'apiVersion: openslo/v1\nkind: Service\nmetadata: { name: shop }\nspec: {}\n';
const RECORDED =
  SERVICE +
  slo('orders', 'orders_total{status="error"}', 'orders_total') +
  slo('pages', 'pages_total{status="error"}', 'pages_total');

let folder: GuardFolder;
let guard: Guard;
let url: string;
let work: string;
const write = (file: string, text: string) => {
  writeFileSync(join(work, file), text);
  return join(work, file);
};

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'slo-commands-'));
  folder = guardFolder({ enableRemoteWriteReceiver: true });
  const model = loadSloFiles([{ file: 'shop.yaml', text: RECORDED }]);
  folder.write('rules.yml', generateRules(model, { interval: 1000, periodInterval: 1000 }));
  guard = await startIn(folder);
  url = `http://${guard.addresses.prometheus}`;
  vi.stubEnv('PROMETHEUS_URL', url);
  vi.stubEnv('TZ', 'UTC');
  const now = createSystemClock().now();
  const series = SERIES.map(parseSeries).map(({ labels, values }) => ({
    labels: labels.toObject(),
    samples: values.map((value, i) => ({
      timestamp: now - (values.length - 1 - i) * STEP,
      value: value as number,
    })),
  }));
  const body = Buffer.from(snappyCompress(encodeWriteRequest({ series })));
  const written = await ask(guard.addresses.prometheus, '/api/v1/write', {
    method: 'POST',
    headers: WRITE_HEADERS[1],
    body,
  });
  expect(written.status).toBe(204);
  write('shop.yaml', RECORDED);
  await eventually(async () => {
    const { json } = await ask(
      guard.addresses.prometheus,
      '/api/v1/query?query=count(slo:error_budget_remaining:ratio)',
    );
    const alerts = await ask(guard.addresses.prometheus, '/api/v1/alerts');
    return json.data.result[0]?.value[1] === '2' && alerts.json.data.alerts.length === 2;
  });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await guard?.stop();
  folder?.remove();
  rmSync(work, { recursive: true, force: true });
});

interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** In this process: a dozen of them would take their time to start. Names of files are those in `work`. */
async function run(...args: string[]): Promise<Run> {
  const told = { out: '', err: '' };
  const listen = (stream: NodeJS.WriteStream, key: keyof typeof told) =>
    vi.spyOn(stream, 'write').mockImplementation(chunk => {
      told[key] += String(chunk);
      return true;
    });
  const spies = [listen(process.stdout, 'out'), listen(process.stderr, 'err')];
  try {
    const inWork = (arg: string) => (arg.endsWith('.yaml') ? join(work, arg) : arg);
    return { code: await main(args.map(inWork)), ...told };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

describe('slo-guard status', () => {
  it('shows budgets, burn rates, coverage and alerts of what is recorded', async () => {
    const { code, out, err } = await run('status');
    expect([code, err]).toEqual([0, '']);
    const [head, orders, pages] = out.split('\n');
    expect(head).toMatch(/^SLO +state +objective +budget left +coverage +burn rates +alerts$/);
    expect(orders).toMatch(
      /^shop\/orders +firing +99\.9 % +-\d+.* % .*of 30d +5m 90\.9× +30m 90\.9× .*Fast firing/,
    );
    expect(pages).toMatch(/^shop\/pages +ok +99\.9 % +100 % +█ .*of 30d +5m 0× .*–$/);
  });

  it('has null, and never ok, for what is declared and not recorded', async () => {
    write('more.yaml', RECORDED + slo('carts', 'carts_total{status="error"}', 'carts_total'));
    const { code, out } = await run('status', 'more.yaml', '--slo', 'carts', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out).slos).toMatchObject([
      { slo: 'carts', state: 'no-data', budgetRemaining: null, burnRates: [], source: { line: 38 } },
    ]);
  });

  it('says what is wrong', async () => {
    expect(await run('status', '--slo', 'nope')).toMatchObject({
      code: 2,
      err: expect.stringContaining('recorded are: shop/orders, shop/pages'),
    });
    expect(await run('status', '--url', 'http://127.0.0.1:1')).toMatchObject({ code: 2 });
  });
});

describe('slo-guard gate', () => {
  it('lets pass what has budget, and refuses what has none or fires', async () => {
    const passed = await run('gate', '--slo', 'pages', '--min-budget', '90%', '--max-burn', '1');
    expect(passed).toMatchObject({ code: 0, out: expect.stringMatching(/^pass +shop\/pages +100 % left/) });
    const refused = await run('gate', '--max-burn', '2');
    expect(refused.code).toBe(1);
    expect(refused.out).toContain('the budget is spent: ');
    expect(refused.out).toContain('burn rate over 1h is 90.9, above 2');
    expect(refused.out).toContain('firing: ');
  });

  it('refuses without data: a window that is not recorded, an SLO that is not, nothing at all', async () => {
    const window = await run('gate', '--slo', 'pages', '--max-burn', '1', '--burn-window', '2h');
    expect(window).toMatchObject({
      code: 1,
      out: expect.stringContaining('no data: there is no burn rate over 2h'),
    });
    write('other.yaml', SERVICE + slo('carts', 'carts_total{status="error"}', 'carts_total'));
    const missing = await run('gate', 'other.yaml', '--github');
    expect(missing.code).toBe(1);
    expect(missing.out).toContain('other.yaml,line=');
    expect(await run('gate', '--slo', 'pages', '--min-coverage', '1h')).toMatchObject({ code: 1 });
  });

  it('writes JUnit and JSON', async () => {
    const { code, out } = await run('gate', '--junit', '-');
    expect(code).toBe(1);
    expect(out).toContain('<testsuite name="slo-guard gate" tests="2" failures="1"');
    expect(out).toContain('<testcase name="shop/pages" classname="shop"></testcase>');
    const json = JSON.parse((await run('gate', '--slo', 'pages', '--json')).out);
    expect(json).toMatchObject({ passed: true, verdicts: [{ reasons: [], status: { slo: 'pages' } }] });
  });

  it.each([
    ['--min-budget', '10'],
    ['--max-burn', 'x'],
    ['--burn-window', '1'],
  ])('refuses %s %s', async (...args) => {
    if (args[1] === '1')
      return expect(await run('gate', ...args, '--slo', 'pages')).toMatchObject({ code: 0 });
    expect(await run('gate', ...args)).toMatchObject({ code: 2, err: expect.stringContaining('bad-option') });
  });
});

describe('slo-guard lint with --prometheus', () => {
  it('is clean where everything fits, and says what it checked', async () => {
    write(
      'pages.yaml',
      SERVICE + slo('pages', 'pages_total{status="error"}', 'pages_total').replace('30d', '7d'),
    );
    const { code, out, err } = await run('lint', 'pages.yaml', '--prometheus', url, '--retention', '30d');
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('1 SLO in 1 file: nothing found. Checked:\n');
    expect(out).toContain('  every selector matches live series [selector-matches-nothing]\n');
    expect(out).toMatch(/Not checked:\n.*\(give --alertmanager-config FILE\)\n$/);
  });

  it('finds what does not fit, with the place, and the retention that the server tells', async () => {
    write('bad.yaml', SERVICE + slo('pages', 'pages_total{status="failed"}', 'page_total'));
    const { code, out } = await run('lint', 'bad.yaml', '--prometheus', url, '--json');
    expect(code).toBe(1);
    const { findings } = JSON.parse(out);
    expect(findings.map(({ code: found, position: { line } }: never) => [found, line])).toEqual([
      ['window-longer-than-retention', 8],
      ['late-counter', 15],
      ['selector-matches-nothing', 16],
    ]);
    const { out: github } = await run('lint', 'bad.yaml', '--prometheus', url, '--github');
    expect(github).toMatch(
      /^::error file=.*bad\.yaml,line=8,col=\d+,title=slo-guard window-longer-than-retention::/m,
    );
  });

  it('has exit code 1 for a threshold that the reader refuses', async () => {
    write('deaf.yaml', RECORDED.replaceAll('target: 0.999', 'target: 0.9'));
    const { code, out } = await run('lint', 'deaf.yaml');
    expect(code).toBe(1);
    expect(out).toContain('[unreachable-threshold]\n');
    expect(out).toContain('  see docs/lint/unreachable-threshold.md\n');
  });

  it('has exit code 2 for files that cannot be read, with every problem, and for an address where nobody is', async () => {
    write('broken.yaml', `${SERVICE}---\nkind: SLO\napiVersion: openslo/v1\n`);
    expect(await run('lint', 'broken.yaml')).toMatchObject({
      code: 2,
      out: expect.stringContaining('broken.yaml:'),
    });
    expect(await run('lint', 'shop.yaml', '--prometheus', 'http://127.0.0.1:1')).toMatchObject({ code: 2 });
    expect((await run('lint', 'shop.yaml', '--prometheus', 'nonsense')).err).toContain(
      '--prometheus is not an address',
    );
  });
});

describe('slo-guard explain', () => {
  it('takes the traffic from a Prometheus', async () => {
    const { code, out } = await run(
      'explain',
      'shop.yaml',
      '--slo',
      'pages',
      '--prometheus',
      url,
      '--history',
      '30s',
    );
    expect(code).toBe(0);
    expect(out).toMatch(/2\d,\d{3} of 2\d,\d{3},\d{3} events at (9\.\d+|10) a second/);
    expect(out).toContain('50 hours, not two');
    expect((await run('explain', 'shop.yaml', '--rate', 'fast')).err).toContain('bad-option');
  });
});

describe('slo-guard init', () => {
  it('writes what lints clean against the series that it saw, and overwrites nothing', async () => {
    const output = join(work, 'written');
    const args = ['init', '--prometheus', url, '--history', '1h', '-o', output];
    expect(await run(...args)).toMatchObject({
      code: 0,
      out: expect.stringContaining('shop.yaml  3 SLOs\n'),
    });
    const text = readFileSync(join(output, 'shop.yaml'), 'utf8');
    expect(text).toContain(`query: 'orders_total{job="shop", status="error"}'`);
    expect(text).toContain(`query: 'page_seconds_bucket{job="shop", le="0.5"}'`);
    const linted = await run('lint', output, '--prometheus', url, '--retention', '31d', '--strict');
    expect(linted).toMatchObject({
      code: 0,
      out: expect.stringContaining('3 SLOs in 1 file: nothing found'),
    });
    expect(await run(...args)).toMatchObject({ code: 2, err: expect.stringContaining('file-exists') });
    expect(await run(...args, '--force')).toMatchObject({ code: 0 });
    expect((await run('init', '--prometheus', url, '-o', '-')).out).toContain('apiVersion: openslo/v1');
  });

  it('says what is wrong', async () => {
    expect(await run('init')).toMatchObject({
      code: 2,
      err: expect.stringContaining('either --metrics or --prometheus'),
    });
    expect(await run('init', '--metrics', 'http://127.0.0.1:1/metrics')).toMatchObject({ code: 2 });
    expect(await run('init', '--prometheus', url, '--job', 'none', '-o', '-')).toMatchObject({ code: 1 });
  });
});
