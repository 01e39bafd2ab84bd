import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { createVirtualClock } from '../../core/index.ts';
import type { NotifyResult } from '../notifier.ts';
import { MAX_ANSWER_MS } from './read-answer.ts';
import { NOTIFICATION, notifierOf } from './testing.ts';

const closing: Array<() => void> = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** What a server does with a connection once it has been told something. */
type Behaviour = (socket: Socket) => unknown;

interface Hostile {
  readonly host: string;
  /** The connections that are still open on its side. */
  readonly open: ReadonlySet<Socket>;
}

async function serve(behave: Behaviour): Promise<Hostile> {
  const open = new Set<Socket>();
  const server: Server = createServer(socket => {
    open.add(socket);
    socket.on('error', () => {});
    socket.once('data', () => behave(socket));
    socket.resume();
    socket.on('close', () => open.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, open };
}

const SECRET = 's3cret-path';
const KINDS = {
  webhook: (host: string, rest: string) => `webhook_configs: [{ url: 'http://${host}/${SECRET}'${rest} }]`,
  slack: (host: string, rest: string) =>
    `slack_configs: [{ channel: c, api_url: 'http://${host}/${SECRET}'${rest} }]`,
  pagerduty: (host: string, rest: string) =>
    `pagerduty_configs: [{ url: 'http://${host}/${SECRET}', routing_key: key1${rest} }]`,
};
type Kind = keyof typeof KINDS;

const head = (status: number, ...headers: string[]) =>
  `${[`HTTP/1.1 ${status} Status`, ...headers].join('\r\n')}\r\n\r\n`;
/** Writes without end, as fast as it is read. */
const flood = (chunk: string | Buffer, first: string | Buffer) => (socket: Socket) => {
  socket.write(first);
  const go = () => {
    while (!socket.destroyed && socket.write(chunk));
    socket.once('drain', go);
  };
  go();
};
/** Writes one byte at a time without end. */
const drip = (first: string) => (socket: Socket) => {
  socket.write(first);
  const timer = setInterval(() => socket.write('x'), 1);
  socket.on('close', () => clearInterval(timer));
};
const once500 = (text: string | Buffer, ...headers: string[]) => answer(500, text, ...headers);
const answer =
  (status: number, text: string | Buffer, ...headers: string[]) =>
  (socket: Socket) => {
    socket.write(head(status, `content-length: ${Buffer.byteLength(text)}`, ...headers));
    socket.write(text);
  };
const reset = (first: string) => (socket: Socket) => socket.write(first, () => socket.resetAndDestroy());
const GZIP = 'content-encoding: gzip';
/** A megabyte of the letter in a kilobyte; endless when repeated, for gzip files may follow each other. */
const BOMB = gzipSync('x'.repeat(1 << 20));

const DELIVERED = { outcome: 'delivered', reason: 'status 200' };
const retry = (reason: RegExp) => ({ outcome: 'retry', reason: expect.stringMatching(reason) });
const failed = (reason: RegExp) => ({ outcome: 'failed', reason: expect.stringMatching(reason) });
const CUT = retry(/could not read the response body to its end$/);
/** It stays packed. */
const PACKED = /unexpected status code 500: (?!x{9}).{1,500}$/s;
const X500 = /unexpected status code 500: x{500}$/;

/** What ends by itself: what Slack makes of it, what the others do that look at a status alone, and at 500 alone. */
const QUICK: readonly (readonly [what: string, Behaviour, slack: object, others: object])[] = [
  ['a body without end behind 500', flood('x'.repeat(65_536), head(500)), retry(X500), retry(X500)],
  ['a body without end behind 200', flood('x'.repeat(65_536), head(200)), CUT, DELIVERED],
  [
    'headers without end',
    flood(`x-more: ${'x'.repeat(1000)}\r\n`, 'HTTP/1.1 200 OK\r\n'),
    retry(/Headers Overflow/),
    retry(/Headers Overflow/),
  ],
  [
    'a header without end',
    flood('x'.repeat(1000), 'HTTP/1.1 200 OK\r\nx-more: '),
    retry(/Headers Overflow/),
    retry(/Headers Overflow/),
  ],
  [
    '500 and a reset within the body',
    reset(`${head(500, 'content-length: 9')}half`),
    retry(/unexpected status code 500/),
    retry(/unexpected status code 500/),
  ],
  ['200 and a reset within the body', reset(`${head(200, 'content-length: 2')}o`), CUT, DELIVERED],
  ['a reset', reset(''), retry(/reset|other side closed/), retry(/reset|other side closed/)],
  ['no HTTP', socket => socket.end('SSH-2.0-x\r\n'), retry(/no answer from/), retry(/no answer from/)],
  [
    'a gzip bomb behind 500',
    flood(BOMB, Buffer.concat([Buffer.from(head(500, GZIP)), BOMB])),
    retry(PACKED),
    retry(PACKED),
  ],
  [
    'a gzip bomb behind 200',
    flood(BOMB, Buffer.concat([Buffer.from(head(200, GZIP)), BOMB])),
    CUT,
    DELIVERED,
  ],
  ['ok in gzip', answer(200, gzipSync('ok'), GZIP), failed(/error response from Slack/), DELIVERED],
  [
    'what a terminal would obey',
    once500('a\u001b[2J\r\nb\u0007'),
    retry(/status code 500: a \[2J b$/),
    retry(/status code 500: a \[2J b$/),
  ],
  [
    'the address where none is expected',
    answer(302, '', `location: http://127.0.0.1:1/${SECRET}/?again=${SECRET}`),
    retry(/no answer from .*: connection refused/),
    retry(/no answer from .*: connection refused/),
  ],
  ['a redirect that leads nowhere', answer(302, SECRET), failed(/302: <secret>$/), failed(/302: <secret>$/)],
];

/** PagerDuty's notifier quotes nothing but a 400. */
const withoutQuote = (expected: object) =>
  expected === DELIVERED ? expected : { ...expected, reason: expect.any(String) };

describe.each(Object.keys(KINDS) as Kind[])('a hostile receiver: %s', kind => {
  it.each(QUICK)('%s', async (_, behave, slack, others) => {
    const { host } = await serve(behave);
    const expected = kind === 'slack' ? slack : others;
    const result = await notifierOf(KINDS[kind](host, ''))();
    expect(result).toMatchObject(kind === 'pagerduty' ? withoutQuote(expected) : expected);
    expect(result.reason).not.toContain(SECRET);
    expect(result.reason.length).toBeLessThan(600);
  });

  it.each([
    [500, retry(/unexpected status code 500/)],
    [200, kind === 'slack' ? CUT : DELIVERED],
  ])('is heard no longer than %d and five seconds of what drips', async (status, expected) => {
    const clock = watchedClock();
    const hostile = await serve(drip(head(status)));
    const { result, isPending } = watched(notifierOf(KINDS[kind](hostile.host, ''), { clock })());
    const reads = status === 500 || kind === 'slack';
    await until(() => clock.waits.includes(MAX_ANSWER_MS));
    await clock.advance(MAX_ANSWER_MS - 1);
    await untilDripped();
    expect([isPending(), hostile.open.size]).toEqual([reads, 1]);
    await clock.advance(1);
    expect(await result).toMatchObject(expected);
    await until(() => hostile.open.size === 0);
  });

  it.each([
    ['drips headers', drip('HTTP/1.1 200 OK\r\nx-more: ')],
    ['never gets beyond early hints', flood(head(103, 'link: </a>'), '')],
    ['says nothing', () => {}],
  ])('is left at the end of its timeout when it %s', async (_, behave) => {
    const clock = watchedClock();
    const hostile = await serve(behave);
    const { result, isPending } = watched(
      notifierOf(KINDS[kind](hostile.host, ', timeout: 7s'), { clock })(),
    );
    await until(() => clock.waits.includes(7000) && hostile.open.size > 0);
    await clock.advance(6999);
    expect(isPending()).toBe(true);
    await clock.advance(1);
    expect(await result).toEqual({ outcome: 'retry', reason: `configured ${kind} timeout reached (7s)` });
    await until(() => hostile.open.size === 0);
  });
});

describe('a hostile mail server', () => {
  it.each([
    ['its greeting', ''],
    ['what it says to EHLO', '220 me\r\n'],
  ])('that drips %s is left when the flush ends', async (_, first) => {
    const server = createServer(socket => {
      socket.on('error', () => {});
      drip(first === '' ? '2' : first)(socket);
      socket.resume();
      closing.push(() => socket.destroy());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const flush = new AbortController();
    const mail = `email_configs: [{ smarthost: '127.0.0.1:${port}', to: a@a.example, from: b@a.example, require_tls: false }]`;
    const { result, isPending } = watched(notifierOf(mail)(NOTIFICATION, flush.signal));
    await untilDripped();
    expect(isPending()).toBe(true);
    flush.abort(new Error('over'));
    expect(await result).toEqual({ outcome: 'retry', reason: 'over' });
  });
});

function watched(sending: Promise<NotifyResult>) {
  let isPending = true;
  const result = sending.finally(() => {
    isPending = false;
  });
  return { result, isPending: () => isPending };
}

/** A virtual clock that tells what has been waited for. */
function watchedClock() {
  const clock = createVirtualClock(0);
  const waits: number[] = [];
  const after: typeof clock.after = (delay, task) => {
    waits.push(delay);
    return clock.after(delay, task);
  };
  return { ...clock, after, waits };
}

/** Ends with the test's own time when it never comes true. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turn();
}

/** Some bytes have come; how many is of no interest. */
async function untilDripped(): Promise<void> {
  for (let i = 0; i < 500; i++) await turn();
}
