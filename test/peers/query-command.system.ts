import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EngineName, type EngineProcess, startEngine } from './support/engine-process.ts';

const BIN = join(import.meta.dirname, '../../packages/guard/bin/slo-guard.js');
const START = Date.UTC(2026, 0, 1) / 1000;
const LATE_CONFIG = 'storage: { tsdb: { out_of_order_time_window: 30d } }\n';
const NAMES: readonly EngineName[] = ['slo-guard', 'prometheus'];

const folder = mkdtempSync(join(tmpdir(), 'slo-guard-query-'));
const engines = new Map<EngineName, EngineProcess>();

interface Printed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function slo(...args: string[]): Promise<Printed> {
  try {
    const env = { ...process.env, TZ: 'UTC' };
    return { code: 0, ...(await promisify(execFile)(process.execPath, [BIN, ...args], { env })) };
  } catch (error) {
    const { code, stdout, stderr } = error as Printed;
    return { code, stdout, stderr };
  }
}

const query = (name: EngineName, ...args: string[]) =>
  slo('query', '--url', `http://${engines.get(name)!.address}`, ...args);

/** An hour of requests of two instances, one of which fails more and more. */
function requests(): string {
  const lines: string[] = [];
  for (const [instance, share] of [
    ['a', 0],
    ['b', 0.2],
  ] as const)
    for (const status of ['success', 'error'])
      for (let i = 0; i <= 240; i++) {
        const value = status === 'success' ? i * 150 : Math.floor(i * i * share);
        lines.push(`requests_total{instance="${instance}",status="${status}"} ${value} ${START + i * 15}`);
      }
  return `${lines.join('\n')}\n# EOF\n`;
}

beforeAll(async () => {
  const file = join(folder, 'requests.om');
  writeFileSync(file, requests());
  for (const name of NAMES) {
    const engine = await startEngine(name, {
      folder: join(folder, name),
      ...(name === 'prometheus' && { config: LATE_CONFIG }),
    });
    engines.set(name, engine);
    expect(await slo('import', '--url', `http://${engine.address}`, file)).toMatchObject({
      code: 0,
      stderr: '',
    });
  }
});
afterAll(async () => {
  await Promise.all([...engines.values()].map(engine => engine.stop()));
  rmSync(folder, { recursive: true, force: true });
});

const END = String(START + 3600);
const RANGE = ['--start', String(START), '--end', END, '--step', '60'];
const BY_STATUS = 'sum by (status) (rate(requests_total[5m]))';

describe('slo-guard query prints the same of both engines:', () => {
  it.each([
    ['a table', ['sort_desc(requests_total{status="error"})', '--time', END]],
    ['an empty result', ['nothing', '--fail-empty']],
    ['a scalar', ['1 / 0']],
    ['samples', ['requests_total{instance="b",status="error"}[1m]', '--time', END]],
    ['a plot', [BY_STATUS, ...RANGE]],
    ['a range as CSV', [BY_STATUS, ...RANGE, '--format', 'csv']],
    [
      'series',
      ['requests_total{instance="a",status="error"}', '--series', '--start', String(START), '--end', END],
    ],
    ['values of a label', ['--labels', 'instance', '--start', String(START), '--end', END]],
    ['a warning', ['rate(requests_gauge[5m])', '--time', END]],
    ['a syntax error', ['sum(rate(requests_total[5m])']],
    ['a type error in the second line', ['requests_total\n  + rate(requests_total)']],
    ['a step too small', ['requests_total', '--start', String(START), '--end', END, '--step', '0.1']],
  ])('%s', async (_, args) => {
    const [ours, theirs] = await Promise.all(NAMES.map(name => query(name, ...args)));
    expect(ours).toEqual(theirs);
    expect(`${ours!.stdout}${ours!.stderr}`).not.toBe('');
  });
});

it('points at the place of a mistake', async () => {
  for (const name of NAMES)
    expect(await query(name, 'requests_total\n  + rate(requests_total)')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /2:10: parse error: .*\[bad-query\]\n {4}\+ rate\(requests_total\)\n {11}\^\n$/,
      ),
    });
});
