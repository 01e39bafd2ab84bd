import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { compareLabels, createRng, Labels } from '../../packages/guard/src/core/index.ts';
import { OPEN_METRICS_END, writeSample, writeSeries } from '../../packages/guard/src/exposition/index.ts';
import { runPeer } from './programs.ts';
import {
  type EngineName,
  type EngineOptions,
  type EngineProcess,
  startEngine,
} from './support/engine-process.ts';

const BIN = join(import.meta.dirname, '../../packages/guard/bin/slo-guard.js');
const START = Date.UTC(2026, 0, 1);
const SAMPLES = 4_000;
const FOR_EVER = ['--storage.tsdb.retention.time', '100y'];
/**
 * A real Prometheus that takes samples of a month in any order: series come one after the other, each from the beginning of
 * time. Its blocks are long, because 3.16 can panic in the handler of a write while a block is made of what is in memory:
 * the writer's connection is closed, and the series stays locked for good.
 */
const TAKES_LATE: Omit<EngineOptions, 'folder'> = {
  config: 'storage: { tsdb: { out_of_order_time_window: 30d } }\n',
  flags: ['--storage.tsdb.min-block-duration=30d'],
};

const folder = mkdtempSync(join(tmpdir(), 'slo-guard-import-export-'));
const engines: EngineProcess[] = [];

/** What a series holds, by its kind. */
const VALUES: Readonly<Record<string, (i: number, random: () => number) => number>> = {
  counter: i => (i % 1000) * 3,
  float: (i, random) => Math.fround(Math.sin(i / 50) * 1e3 + random()),
  tiny: i => 1e-300 * i,
  huge: i => -1.7e308 + i,
  special: i => [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0][i % 5]!,
  constant: () => 42,
};

/** Samples with irregular times, in the order of series: of classic names, and of names in UTF-8. */
function content(isClassic: boolean): string {
  const rng = createRng(7);
  const random = () => rng.next();
  const series = Object.entries(VALUES).flatMap(([kind, value]) =>
    ['a', 'quote " back \\ line\n', 'é漢🚀'].map(text => ({
      labels: Labels.of(
        isClassic ? { __name__: `x_${kind}`, text } : { __name__: `x.${kind}`, 'label.one': text },
      ),
      value,
    })),
  );
  const lines = series
    .sort((a, b) => compareLabels(a.labels, b.labels))
    .flatMap(({ labels, value }) => {
      const name = writeSeries(labels);
      let at = START;
      return Array.from({ length: SAMPLES }, (_, i) => {
        at += 1 + Math.floor(random() * 30_000);
        return writeSample(name, value(i, random), at);
      });
    });
  return lines.join('');
}

const CLASSIC = content(true);
/** Names with a point come before those with an underscore. */
const EVERYTHING = content(false) + CLASSIC + OPEN_METRICS_END;

const text = (file: string) => readFileSync(join(folder, file), 'utf8');

/** Equal, without printing megabytes when it is not. */
function expectText(found: string, expected: string): void {
  if (found === expected) return;
  const lines = expected.split('\n');
  const differing = found.split('\n').findIndex((line, i) => line !== lines[i]);
  expect(`${differing + 1}: ${found.split('\n')[differing]}`).toBe(`${differing + 1}: ${lines[differing]}`);
}

async function slo(...args: string[]): Promise<string> {
  return (await promisify(execFile)(process.execPath, [BIN, ...args], { cwd: folder })).stdout;
}

async function start(name: EngineName, data: string, options: Omit<EngineOptions, 'folder'> = {}) {
  const engine = await startEngine(name, { ...options, folder: join(folder, data) });
  engines.push(engine);
  return `http://${engine.address}`;
}

const stopAll = () => Promise.all(engines.splice(0).map(engine => engine.stop()));

beforeAll(() => writeFileSync(join(folder, 'original.om'), EVERYTHING));
afterAll(async () => {
  await stopAll();
  rmSync(folder, { recursive: true, force: true });
});

it('moves the same samples through our store, a real one from blocks, and ours by remote write', async () => {
  const imported = await slo('import', '--data-dir', 'first/data', ...FOR_EVER, 'original.om');
  expect(imported).toBe('144,000 samples of 36 series imported\n');
  await slo('export', '--url', await start('slo-guard', 'first'), '-o', 'first.om');
  expectText(text('first.om'), EVERYTHING);

  mkdirSync(join(folder, 'second'));
  const blocks = await runPeer(
    'promtool',
    ['tsdb', 'create-blocks-from', 'openmetrics', 'first.om', 'second/data'],
    folder,
  );
  expect(blocks.stderr).toBe('');
  await slo('export', '--url', await start('prometheus', 'second'), '-o', 'second.om.gz');

  const third = await start('slo-guard', 'third');
  expect(await slo('import', '--url', third, 'second.om.gz')).toBe('144,000 samples of 36 series imported\n');
  expect(await slo('import', '--url', third, 'second.om.gz')).toMatch(
    /^36 samples .*, 143,964 were there before\n$/,
  );
  await stopAll();
  await slo('export', '--data-dir', 'third/data', '-o', 'third.om');
  expectText(text('third.om'), EVERYTHING);
});

it.each(Object.keys(VALUES))("writes what promtool's dump writes, of %s values", async kind => {
  const args = ['tsdb', 'dump-openmetrics', '--match', `x_${kind}`, 'second/data'];
  const dump = await runPeer('promtool', args, folder);
  const ours = CLASSIC.split('\n').filter(line => line.startsWith(`x_${kind}{`));
  expectText(dump.stdout, `${ours.join('\n')}\n${OPEN_METRICS_END}`);
});

it('imports into a real Prometheus that takes late samples', async () => {
  const url = await start('prometheus', 'fourth', TAKES_LATE);
  expect(await slo('import', '--url', url, 'first.om')).toBe('144,000 samples of 36 series imported\n');
  await slo('export', '--url', url, '-o', 'fourth.om');
  expectText(text('fourth.om'), EVERYTHING);
});

it('counts exactly what a real Prometheus refuses that takes none', async () => {
  const url = await start('prometheus', 'fifth');
  const report = JSON.parse(await slo('import', '--url', url, '--json', '--skip-refused', 'first.om'));
  const { imported, present, refused, reasons } = report;
  expect(imported + present + refused).toBe(144_000);
  expect(refused).toBeGreaterThan(0);
  for (const reason of Object.keys(reasons)) expect(reason).toMatch(/^out of (?:bounds|order sample)$/);
  await slo('export', '--url', url, '-o', 'fifth.om');
  expect(text('fifth.om').split('\n').length - 2).toBe(imported + present);
});
