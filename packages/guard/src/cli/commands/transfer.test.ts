import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSystemClock, silentLogger } from '../../core/index.ts';
import { openStore } from '../../tsdb/index.ts';

const BIN = fileURLToPath(new URL('../../../bin/slo-guard.js', import.meta.url));
const NOW = Math.floor(createSystemClock().now() / 1000);

let folder: string;
let data: string;
let tests = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'transfer-'));
});
beforeEach(() => {
  tests += 1;
  data = join(folder, `data-${tests}`);
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function run(args: readonly string[], input: string | Buffer = ''): Promise<Run> {
  const child = spawn(process.execPath, [BIN, ...args], { env: { ...process.env, TZ: 'UTC' } });
  let out = '';
  let err = '';
  child.stdout.on('data', chunk => {
    out += chunk;
  });
  child.stderr.on('data', chunk => {
    err += chunk;
  });
  child.stdin.end(input);
  return new Promise(resolve => child.on('close', code => resolve({ code, out, err })));
}

const TEXT = `a{} 1 ${NOW - 60}.000\na{} 2.5 ${NOW - 45}.000\nb{x="y"} NaN ${NOW - 60}.000\n# EOF\n`;

function file(name: string, content: string | Buffer): string {
  const path = join(folder, `${tests}-${name}`);
  writeFileSync(path, content);
  return path;
}

describe('slo-guard import and export', () => {
  it('give the same text again, compressed or not', async () => {
    const imported = await run(['import', '--data-dir', data, file('x.om.gz', gzipSync(TEXT))]);
    expect(imported).toEqual({ code: 0, out: '3 samples of 2 series imported\n', err: '' });
    expect(await run(['export', '--data-dir', data])).toEqual({ code: 0, out: TEXT, err: '' });
    const output = join(folder, 'out.om');
    const written = await run(['export', '--data-dir', data, '--match', 'a', '--since', '50s', '-o', output]);
    expect(written).toEqual({ code: 0, out: '', err: `1 sample of 1 series in ${output}\n` });
    expect(readFileSync(output, 'utf8')).toBe(`a{} 2.5 ${NOW - 45}.000\n# EOF\n`);
  });

  it('take standard input, and the text format with milliseconds', async () => {
    const text = `a 1 ${NOW}000\n`;
    const imported = await run(['import', '--data-dir', data, '--format', 'text', '-'], text);
    expect(imported).toMatchObject({ code: 0, out: '1 sample of 1 series imported\n' });
  });

  it('exit with 1 when samples were refused, unless that is asked for', async () => {
    await run(['import', '--data-dir', data, '-'], TEXT);
    const late = `a{} 7 ${NOW - 60}.000\n# EOF\n`;
    const refused = await run(['import', '--data-dir', data, '-'], late);
    expect(refused).toMatchObject({ code: 1, out: '0 samples of 1 series imported\n' });
    expect(refused.err).toMatch(
      /^1 sample was refused:\n {2}1 {2}another value.*\n.*\n {2}<stdin>:1: a: another value/,
    );
    expect(await run(['import', '--data-dir', data, '--skip-refused', '-'], late)).toMatchObject({ code: 0 });
  });

  it('write nothing in a dry run, and tell the result as JSON', async () => {
    const { code, out } = await run(['import', '--data-dir', data, '--dry-run', '--json', '-'], TEXT);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ imported: 3, refused: 0, series: 2, exemplars: 0 });
    expect(await run(['export', '--data-dir', data])).toMatchObject({
      code: 2,
      err: expect.stringContaining('no-store'),
    });
  });

  it('refuse a directory that another process has open', async () => {
    const store = openStore({
      directory: join(data, 'metrics'),
      clock: createSystemClock(),
      logger: silentLogger,
      registry: new Registry(),
      retention: 86_400_000,
    });
    for (const args of [
      ['import', '--data-dir', data, '-'],
      ['export', '--data-dir', data],
    ])
      expect(await run(args, TEXT)).toMatchObject({ code: 2, err: expect.stringContaining('store-locked') });
    store.close();
  });

  it.each([
    [['import', '/nowhere.om'], 'unreadable-file'],
    [['import', '-', '--format', 'xml'], '--format'],
    [['import', '-', '--url', 'http://127.0.0.1:1'], 'prometheus-unreachable'],
    [['export', '--url', 'http://127.0.0.1:1'], 'prometheus-unreachable'],
    [['export', '--match', 'sum(a)'], '--match'],
    [['export', '--start', 'never'], '--start'],
    [['export', '--start', 'now', '--end', '-1h'], 'ends before'],
    [['export', '--stale-markers', 'x'], '--stale-markers'],
  ])('exit with 2 on bad input: %j', async (args, expected) => {
    expect(await run(args)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(expected) });
  });

  it('name the place of a malformed line, and of a broken compression', async () => {
    const broken = await run([
      'import',
      '--data-dir',
      data,
      file('x.om', `${TEXT.slice(0, -6)}oops\n# EOF\n`),
    ]);
    expect(broken).toMatchObject({
      code: 2,
      err: expect.stringMatching(/x\.om:4:5: .*\[bad-exposition\]\n {2}oops\n/),
    });
    const cut = await run(['import', '--data-dir', data, file('x.gz', gzipSync(TEXT).subarray(0, 30))]);
    expect(cut).toMatchObject({ code: 2, err: expect.stringContaining('unreadable-file') });
  });
});
