import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSystemClock } from '../core/index.ts';
import { listenOnBlockedPort } from '../http-client/blocked-ports.testing.ts';
import { freePorts } from './ports.ts';
import { type PartEvent, supervise } from './supervisor.ts';

const clock = createSystemClock();
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slo-guard-supervisor-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !condition(); i++) await clock.sleep(50);
  expect(condition()).toBe(true);
}

async function startPart(source: string, at?: number) {
  const script = join(folder, 'part.mjs');
  writeFileSync(script, source);
  const port = at ?? (await freePorts(1, '127.0.0.1'))[0]!;
  const events: PartEvent[] = [];
  const part = supervise(
    { name: 'part', args: [script], env: { PORT: String(port) }, readyUrl: `http://127.0.0.1:${port}/` },
    { clock, logDirectory: folder, onEvent: event => events.push(event) },
  );
  return { part, events };
}

const SERVER = `
import { createServer } from 'node:http';
createServer((_, res) => res.end('ok')).listen(process.env.PORT, '127.0.0.1');
console.log('listening');
`;

it('says when a part is ready, starts it again after a crash and stops it', async () => {
  const { part, events } = await startPart(SERVER);
  await part.ready;
  const { pid } = part.status();
  process.kill(pid!, 'SIGKILL');
  await until(() => events.filter(({ type }) => type === 'ready').length === 2);
  expect(events).toContainEqual(
    expect.objectContaining({ type: 'crashed', how: 'signal SIGKILL', delay: 500 }),
  );
  expect(part.status()).toMatchObject({ state: 'ready', restarts: 1 });
  const second = part.status().pid!;
  await part.stop(3_000);
  expect(() => process.kill(second, 0)).toThrow(/ESRCH/);
  expect(readFileSync(join(folder, 'part.log'), 'utf8')).toContain('listening');
});

it('sees that a part is ready at a port that browsers refuse', async () => {
  const server = createServer();
  const port = await listenOnBlockedPort(server);
  await new Promise(resolve => server.close(resolve));
  const { part } = await startPart(SERVER, port);
  await part.ready;
  await part.stop(3_000);
});

it('kills a part that does not go', async () => {
  const { part } = await startPart(`process.on('SIGTERM', () => {});${SERVER}`);
  await part.ready;
  await part.stop(200);
  expect(part.status().state).toBe('stopped');
});

it('gives up on a part that says it was used wrongly, with what it said', async () => {
  const { part } = await startPart("console.error('no such file: rules.yml'); process.exit(2);");
  await expect(part.ready).rejects.toThrow(/part cannot start:\nno such file: rules\.yml/);
});

it('ends a part whose starter was killed', async () => {
  const script = join(folder, 'part.mjs');
  writeFileSync(script, SERVER);
  const [port] = await freePorts(1, '127.0.0.1');
  const starter = join(folder, 'starter.ts');
  const room = new URL('.', import.meta.url).href;
  writeFileSync(
    starter,
    `import { createSystemClock } from '${room}../core/index.ts';
     import { supervise } from '${room}supervisor.ts';
     const part = supervise(
       { name: 'part', args: ['${script}'], env: { PORT: '${port}' }, readyUrl: 'http://127.0.0.1:${port}/' },
       { clock: createSystemClock(), logDirectory: '${folder}', onEvent: () => {} },
     );
     await part.ready;
     console.log(part.status().pid);`,
  );
  const child = spawn(process.execPath, [starter], { stdio: ['ignore', 'pipe', 'inherit'] });
  const pid = await new Promise<number>(resolve => child.stdout.once('data', data => resolve(Number(data))));
  child.kill('SIGKILL');
  await until(() => {
    try {
      return process.kill(pid, 0) && false;
    } catch {
      return true;
    }
  });
});
