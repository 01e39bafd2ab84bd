import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { freePortsByName, isAlive } from '../story/support.ts';
import { type Program, startPrograms } from './programs.ts';

const folder = mkdtempSync(join(tmpdir(), 'slo-guard-programs-'));
afterAll(() => rmSync(folder, { recursive: true }));

const program = (name: string, port: number, source: string): Program => ({
  name,
  command: process.execPath,
  args: ['--eval', source],
  readyUrl: `http://127.0.0.1:${port}/`,
});

const server = (port: number, status: number) =>
  `console.log('pid', process.pid);
   require('node:http').createServer((_, res) => res.writeHead(${status}).end()).listen(${port}, '127.0.0.1');`;

const pidIn = (text: string) => Number(/pid (\d+)/.exec(text)![1]);

describe('programs', () => {
  it('run until they are stopped, and again when they were killed', async () => {
    const { console: port } = await freePortsByName();
    const programs = await startPrograms([program('good', port, server(port, 200))], folder);
    const first = programs.pids.get('good')!;
    await programs.kill('good');
    await programs.start('good');
    const second = programs.pids.get('good')!;
    expect([isAlive(first), isAlive(second)]).toEqual([false, true]);
    await programs.stop();
    expect(isAlive(second)).toBe(false);
  });

  it('show what one printed that is not ready in time, and are ended', async () => {
    const { console: port, jaeger: other } = await freePortsByName();
    const programs = [program('good', other, server(other, 200)), program('bad', port, server(port, 503))];
    const error: Error = await startPrograms(programs, folder, { readySeconds: 3 }).then(
      () => new Error('they started'),
      thrown => thrown,
    );
    expect(error.message).toMatch(
      /^bad: its readiness did not come within 3 s \(Error: it answers 503\); its log:\npid \d+\n$/,
    );
    expect(isAlive(pidIn(error.message))).toBe(false);
    await expect(fetch(`http://127.0.0.1:${other}/`)).rejects.toThrow('fetch failed');
  });

  it('show at once what one printed that has ended', async () => {
    const { console: port } = await freePortsByName();
    const failing = startPrograms(
      [program('broken', port, "console.error('no such file'); process.exit(3)")],
      folder,
    );
    await expect(failing).rejects.toThrow(/^broken: it has ended; its log:\nno such file\n$/);
  });
});
