import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSystemClock } from '../../core/index.ts';
import {
  type FakeStack,
  PAGE_DRILL,
  type Script,
  SILENT_DRILL,
  startFakeStack,
} from '../../proof/fake-stack.testing.ts';

const BIN = fileURLToPath(new URL('../../../bin/slo-guard.js', import.meta.url));
const SHORT = SILENT_DRILL.replace('duration: 5s', 'duration: 1s').replace(
  'silent_for: 10s',
  'silent_for: 1s',
);

let folder: string;
const stacks: FakeStack[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'drill-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await Promise.all(stacks.map(stack => stack.stopAll()));
});

async function fake(script: Script): Promise<{ stack: FakeStack; addresses: string[] }> {
  const stack = await startFakeStack(createSystemClock(), script);
  stacks.push(stack);
  const { gateway, backend, prometheus, alertmanager, receiver, jaeger } = stack.endpoints;
  const flags = {
    'service-a': gateway,
    'service-b': `${backend}/`,
    prometheus,
    alertmanager,
    receiver,
    jaeger,
  };
  return { stack, addresses: Object.entries(flags).flatMap(([flag, url]) => [`--${flag}`, url]) };
}

let files = 0;
function drillFile(source: string): string {
  files += 1;
  const file = join(folder, `${files}.yaml`);
  writeFileSync(file, source);
  return file;
}

/** Runs the command as a process; `onOutput` may end it. */
function run(args: readonly string[], onOutput: (text: string, end: () => void) => void = () => {}) {
  const child = spawn(process.execPath, [BIN, 'drill', ...args]);
  let stdout = '';
  let stderr = '';
  let interrupted = false;
  const interrupt = () => {
    // Once: a signal that reaches a process on its way out ends it with no exit code.
    if (!interrupted) interrupted = child.kill('SIGINT');
  };
  child.stdout.on('data', chunk => {
    stdout += chunk;
    onOutput(stdout, interrupt);
  });
  child.stderr.on('data', chunk => {
    stderr += chunk;
  });
  return new Promise<{ code: number | null; stdout: string; stderr: string }>(resolve => {
    child.once('close', code => resolve({ code, stdout, stderr }));
  });
}

describe.concurrent('slo-guard drill', () => {
  it('exits with 0 and writes both reports when the drill passes, without colours in a pipe', async () => {
    const { addresses } = await fake({ burn: 2 });
    const [json, junit] = [join(folder, 'r.json'), join(folder, 'r.xml')];
    const { code, stdout } = await run([...addresses, '--json', json, '--junit', junit, drillFile(SHORT)]);
    expect(stdout).toContain('PASSED drill article');
    expect(stdout).not.toContain('\u001b');
    expect(code).toBe(0);
    expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject([{ drill: 'article', passed: true }]);
    expect(readFileSync(junit, 'utf8')).toContain('<testsuites tests="1" failures="0">');
  });

  it('exits with 1 when a drill fails, and gives nothing but JSON on standard output for --json -', async () => {
    const { addresses } = await fake({ burn: 0.5 });
    const { code, stdout, stderr } = await run([...addresses, '--json', '-', drillFile(SHORT)]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject([{ passed: false }]);
    expect(stderr).toContain('FAILED drill article');
  });

  it('exits with 2 and a remedy when a part is unreachable, without a stack trace', async () => {
    const { stack, addresses } = await fake({});
    await stack.stop('alertmanager');
    const { code, stderr } = await run([...addresses, drillFile(SHORT)]);
    expect(code).toBe(2);
    expect(stderr).toContain('[drill-unreachable]');
    expect(stderr).toContain('remedy:');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('exits with 130 on Ctrl-C, with the fault removed', async () => {
    const { stack, addresses } = await fake({});
    const source = PAGE_DRILL.replace('duration: 5s', 'duration: 1s');
    const { code, stdout } = await run([...addresses, drillFile(source)], (text, end) => {
      if (text.includes('fault active')) end();
    });
    expect([code, stack.faultMode(), stack.timesSet('error')]).toEqual([130, 'none', 1]);
    expect(stdout).toContain('interrupted');
  });

  it.each<[string, string[], RegExp]>([
    ['a file that is not there', ['missing.yaml'], /unreadable-file/],
    ['an address that is none', ['--prometheus', 'localhost:9090', 'ok'], /bad-option/],
    ['addresses of a fresh stack', ['--fresh-stack', '--receiver', 'http://127.0.0.1:1', 'ok'], /bad-option/],
    ['a report that cannot be written', ['--junit', '/nowhere/at/all.xml', 'ok'], /unwritable-file/],
    ['no file at all', [], /missing required argument/],
  ])('exits with 2 for %s, before anything is broken', async (_what, args, message) => {
    const { code, stderr } = await run(args.map(each => (each === 'ok' ? drillFile(SHORT) : each)));
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });

  it('tells its options', async () => {
    const { code, stdout } = await run(['--help']);
    expect(code).toBe(0);
    for (const flag of ['--fresh-stack', '--json', '--junit', '--service-a', '--prometheus', '--jaeger'])
      expect(stdout).toContain(flag);
  });
});
