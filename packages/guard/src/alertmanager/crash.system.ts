import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRng } from '../core/index.ts';
import type { WebhookPayload } from './payload.ts';
import type { PostableAlert } from './postable-alert.ts';

const ROUNDS = 30;
const ALERTS_A_ROUND = 5;
const SEED = 7;

interface Telling {
  readonly round: number;
  readonly name: string;
  readonly status: 'firing' | 'resolved';
}

let folder: string;
let round = 0;
const tellings: Telling[] = [];
const receiver = createServer((request, response) => {
  let body = '';
  request.on('data', chunk => {
    body += chunk;
  });
  request.on('end', () => {
    const { groupLabels, status } = JSON.parse(body) as WebhookPayload;
    tellings.push({ round, name: groupLabels.alertname!, status });
    response.end();
  });
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'alertmanager-crash-'));
  await new Promise<void>(resolve => receiver.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  receiver.closeAllConnections();
  receiver.close();
  rmSync(folder, { recursive: true });
});

async function startChild(file: string) {
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  const script = new URL('./crash-child.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [script, file, url], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  expect((await lines.next()).value).toBe('ready');
  return {
    child,
    async put(alerts: PostableAlert[]) {
      child.stdin.write(`${JSON.stringify(alerts)}\n`);
      expect((await lines.next()).value).toBe('ok');
    },
  };
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** What the log on disk says the receiver knows: names of alerts by status. */
function readLog(file: string): Map<string, Telling['status']> {
  const database = new DatabaseSync(file);
  const rows = database.prepare('SELECT group_key, firing FROM notification_log').all();
  database.close();
  return new Map(
    rows.map(row => [
      /alertname="([^"]+)"/.exec(String(row.group_key))![1]!,
      JSON.parse(String(row.firing)).length > 0 ? 'firing' : 'resolved',
    ]),
  );
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 400 && !condition(); i++) await delay(25);
  expect(condition()).toBe(true);
}

describe('a router that is killed again and again', () => {
  it(`tells every alert and resolve, and repeats none that its log knew of, over ${ROUNDS} kills`, async () => {
    const file = join(folder, 'alertmanager.db');
    const rng = createRng(SEED);
    const fired: string[] = [];
    const resolved = new Set<string>();
    const repeats: Telling[] = [];
    let known = new Map<string, Telling['status']>();

    const firing = (name: string): PostableAlert => ({
      labels: { alertname: name },
      endsAt: Date.now() + 3_600_000,
    });
    const ended = (name: string): PostableAlert => ({ labels: { alertname: name }, endsAt: Date.now() });

    async function playRound(lasts: (put: () => Promise<void>) => Promise<void>): Promise<void> {
      round++;
      const router = await startChild(file);
      const before = tellings.length;
      const knownBefore = known;
      const names = Array.from({ length: ALERTS_A_ROUND }, (_, i) => `R${round}N${i}`);
      // Whatever the receiver has heard of, logged or not, must be resolved there too.
      const heard = new Set(tellings.map(telling => telling.name));
      const toResolve = [...heard].filter(name => !resolved.has(name));
      await lasts(async () => {
        await router.put(names.map(firing));
        fired.push(...names);
        const half = toResolve.filter(() => rng.next() < 0.5);
        await router.put(half.map(ended));
        for (const name of half) resolved.add(name);
      });
      await kill(router.child);
      known = readLog(file);
      repeats.push(...tellings.slice(before).filter(({ name, status }) => knownBefore.get(name) === status));
    }

    while (round < ROUNDS) {
      await playRound(async put => {
        await put();
        await delay(rng.integer(120));
      });
    }
    const has = (name: string, status: Telling['status']) =>
      tellings.some(telling => telling.name === name && telling.status === status);
    await playRound(async put => {
      await put();
      await until(
        () => fired.every(name => has(name, 'firing')) && [...resolved].every(name => has(name, 'resolved')),
      );
      await delay(200);
    });

    expect(fired).toHaveLength((ROUNDS + 1) * ALERTS_A_ROUND);
    expect(resolved.size).toBeGreaterThan(ROUNDS);
    expect(repeats).toEqual([]);
    // Twice only across a kill: what was answered but not logged yet when it came.
    const inOneRound = tellings.map(({ round: at, name, status }) => `${at} ${name} ${status}`);
    expect(new Set(inOneRound).size).toBe(inOneRound.length);
  });
});
