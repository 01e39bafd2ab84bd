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
import type { CrashAnswer, CrashRequest } from './crash-child.ts';
import type { WebhookPayload } from './payload.ts';
import type { PostableAlert } from './postable-alert.ts';

const ROUNDS = 52;
const ALERTS_A_ROUND = 5;
const SEED = 7;
/** In one of so many rounds the kill comes as the receiver answers, else at a random point. */
const KILLED_BY_RECEIVER = 4;

interface Telling {
  readonly name: string;
  readonly status: 'firing' | 'resolved';
}

let folder: string;
const children = new Set<ChildProcess>();
const tellings: Telling[] = [];
/** Called as soon as the receiver has answered. */
let onAnswered: (() => void) | undefined;
const receiver = createServer((request, response) => {
  let body = '';
  request.on('data', chunk => {
    body += chunk;
  });
  request.on('end', () => {
    const { groupLabels, status } = JSON.parse(body) as WebhookPayload;
    tellings.push({ name: groupLabels.alertname!, status });
    response.end(() => onAnswered?.());
  });
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'alertmanager-crash-'));
  await new Promise<void>(resolve => receiver.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  for (const child of children) await kill(child);
  receiver.closeAllConnections();
  receiver.close();
  rmSync(folder, { recursive: true });
});

type Left = Extract<CrashAnswer, { firing: unknown }>;

/** A process that has yet to open the database. */
function startChild() {
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  const script = new URL('./crash-child.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [script, url], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.add(child);
  child.stdin.on('error', () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    /** Undefined when the kill came before the answer. */
    async ask(request: CrashRequest): Promise<CrashAnswer | undefined> {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const { value } = await lines.next();
      return value === undefined ? undefined : JSON.parse(value);
    },
  };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
  children.delete(child);
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

/** What was acknowledged in all rounds, and what came of it. */
function createLedger() {
  return {
    fired: new Set<string>(),
    resolved: new Set<string>(),
    /** Resolves that were asked for, answered or not. */
    ended: new Set<string>(),
    /** Ids of silences that were made, of those that were ended, and of those that were to end, answered or not. */
    silenced: new Set<string>(),
    expired: new Set<string>(),
    expiring: new Set<string>(),
    /** Told again: the crash fell between the receiver's answer and the log. */
    repeatedUnlogged: 0,
    /** Told again although the log knew, or without a kill in between. */
    repeatedWithoutReason: [] as Telling[],
  };
}
type Ledger = ReturnType<typeof createLedger>;

function expectAllLeft({ fired, ended, silenced, expired, expiring }: Ledger, left: Left): void {
  const open = [...fired].filter(name => !ended.has(name));
  expect(open.filter(name => !left.firing.includes(name))).toEqual([]);
  expect([...expired].filter(id => !left.expired.includes(id))).toEqual([]);
  const active = [...silenced].filter(id => !expiring.has(id));
  expect(active.filter(id => !left.active.includes(id))).toEqual([]);
}

const countOf = (told: readonly Telling[], { name, status }: Telling) =>
  told.filter(each => each.name === name && each.status === status).length;

function countRepeats(ledger: Ledger, before: number, known: ReadonlyMap<string, Telling['status']>): void {
  for (const [i, telling] of tellings.entries()) {
    if (i < before || countOf(tellings.slice(0, i), telling) === 0) continue;
    const withinOneRun = countOf(tellings.slice(before, i), telling) > 0;
    if (withinOneRun || known.get(telling.name) === telling.status)
      ledger.repeatedWithoutReason.push(telling);
    else ledger.repeatedUnlogged++;
  }
}

describe('a router that is killed again and again', () => {
  it(`loses nothing and repeats nothing that its log knew of, over ${ROUNDS} kills`, {
    timeout: 400_000,
  }, async () => {
    const file = join(folder, 'alertmanager.db');
    const rng = createRng(SEED);
    const ledger = createLedger();
    let known = new Map<string, Telling['status']>();
    let router = startChild();
    /** Loads its code while the one before it runs. */
    let next = startChild();

    async function put(names: readonly string[], lasts: number, acknowledged: Set<string>): Promise<void> {
      const alerts = names.map(
        (alertname): PostableAlert => ({
          labels: { alertname },
          endsAt: Date.now() + lasts,
        }),
      );
      const answer = await router.ask({ put: alerts });
      if (answer) for (const name of names) acknowledged.add(name);
    }

    async function silence(round: number): Promise<void> {
      const matchers = [{ name: 'nobody', value: `${round}`, isRegex: false, isEqual: true }];
      const [startsAt, endsAt] = [Date.now(), Date.now() + 3_600_000];
      const answer = await router.ask({
        silence: { matchers, startsAt, endsAt, createdBy: 'me', comment: '' },
      });
      if (answer && 'silenceId' in answer) ledger.silenced.add(answer.silenceId);
      const old = [...ledger.silenced].find(id => !ledger.expiring.has(id));
      if (!old || rng.next() >= 0.5) return;
      ledger.expiring.add(old);
      if (await router.ask({ expire: old })) ledger.expired.add(old);
    }

    async function play(round: number, end: () => Promise<unknown>): Promise<void> {
      const before = tellings.length;
      const knownBefore = known;
      expectAllLeft(ledger, (await router.ask({ open: file })) as Left);
      // Whatever the receiver has heard of, logged or not, must be resolved there too.
      const heard = new Set(tellings.map(({ name }) => name));
      const open = [...heard].filter(name => !ledger.resolved.has(name));
      if (round % KILLED_BY_RECEIVER === 0) onAnswered = () => router.child.kill('SIGKILL');
      const names = Array.from({ length: ALERTS_A_ROUND }, (_, i) => `R${round}N${i}`);
      await put(names, 3_600_000, ledger.fired);
      const ended = open.filter(() => rng.next() < 0.5);
      for (const name of ended) ledger.ended.add(name);
      await put(ended, 0, ledger.resolved);
      await silence(round);
      await end();
      await kill(router.child);
      onAnswered = undefined;
      [router, next] = [next, startChild()];
      known = readLog(file);
      countRepeats(ledger, before, knownBefore);
    }

    for (let round = 1; round <= ROUNDS; round++) await play(round, () => delay(rng.integer(120)));
    const lost = () => [
      ...[...ledger.fired].filter(name => countOf(tellings, { name, status: 'firing' }) === 0),
      ...[...ledger.resolved].filter(name => countOf(tellings, { name, status: 'resolved' }) === 0),
    ];
    await play(ROUNDS + 1, () => until(() => lost().length === 0).then(() => delay(200)));

    console.info(
      `${ROUNDS} kills: ${ledger.fired.size} pages and ${ledger.resolved.size} resolves, of which ${lost().length} lost, ` +
        `${ledger.repeatedUnlogged} repeated where the kill fell between the answer and the log, ` +
        `${ledger.repeatedWithoutReason.length} repeated without reason; ${ledger.silenced.size} silences, none lost`,
    );
    expect(ledger.fired.size).toBeGreaterThan(ROUNDS * 2);
    expect(ledger.resolved.size).toBeGreaterThan(ROUNDS);
    expect(ledger.repeatedWithoutReason).toEqual([]);
    // The kills did reach the gap that at-least-once leaves.
    expect(ledger.repeatedUnlogged).toBeGreaterThan(0);
  });
});
