import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bindPort } from './bound-port.ts';
import { ask, type GuardFolder, guardFolder, startIn } from './guard.testing.ts';
import type { Guard } from './index.ts';

const MEGABYTE = 1024 * 1024;
const CHUNK = Buffer.alloc(64 * 1024, 'x');
const HUGE = 100 * MEGABYTE;
/** What sockets of both ends may hold, MB. */
const IN_SOCKETS = 20;

let folder: GuardFolder;
let guard: Guard;
beforeAll(async () => {
  folder = guardFolder();
  guard = await startIn(folder);
});
afterAll(async () => {
  await guard.stop();
  folder.remove();
});

interface Upload {
  readonly answer: string;
  /** Bytes of the body that the connection took. */
  readonly sent: number;
}

const portOf = (address: string) => Number(address.split(':').at(-1));
const opened = (address: string) => connect({ host: '127.0.0.1', port: portOf(address) });

/** Sends a body of 100 MB until it is answered, or deaf, for as long as the other side takes it. */
async function upload(address: string, path: string, isChunked: boolean, isDeaf = false): Promise<Upload> {
  const socket = opened(address);
  let answer = '';
  let isOver = false;
  const over = new Promise<void>(resolve => {
    socket.on('data', data => {
      answer += data;
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      isOver = true;
      resolve();
    });
  });
  const length = isChunked ? 'transfer-encoding: chunked' : `content-length: ${HUGE}`;
  socket.write(
    `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n${length}\r\n\r\n`,
  );
  let sent = 0;
  while (sent < HUGE && !isOver && (isDeaf || answer === '')) {
    const part = isChunked
      ? Buffer.concat([Buffer.from(`${CHUNK.length.toString(16)}\r\n`), CHUNK, Buffer.from('\r\n')])
      : CHUNK;
    if (!socket.write(part)) await Promise.race([drained(socket), over]);
    sent += CHUNK.length;
  }
  socket.end();
  await over;
  return { answer, sent };
}

const drained = (socket: Socket) => new Promise<void>(resolve => socket.once('drain', resolve));

describe('a body of 100 MB', () => {
  it.each([
    ['alertmanager', '/api/v2/alerts', 4, /^HTTP\/1\.1 413 .*exceeds the 4194304 bytes limit/s],
    ['alertmanager', '/api/v2/silences', 4, /^HTTP\/1\.1 413 .*exceeds the 4194304 bytes limit/s],
    ['prometheus', '/api/v1/query', 10, /^HTTP\/1\.1 413 .*exceeds the 10485760 bytes limit/s],
    ['otlp-http', '/v1/traces', 64, /^HTTP\/1\.1 413 .*more than 67108864 bytes/s],
    ['console', '/api/slos', 4, /^HTTP\/1\.1 413 .*exceeds the 4194304 bytes limit/s],
  ] as const)('is refused by %s at %s before it was taken', async (surface, path, limit, answered) => {
    for (const isChunked of [false, true]) {
      const { answer, sent } = await upload(guard.addresses[surface]!, path, isChunked);
      expect(answer).toMatch(answered);
      expect(answer.split('HTTP/1.1 ').length).toBe(2);
      expect(sent).toBeLessThan((limit + IN_SOCKETS) * MEGABYTE);
    }
    expect((await ask(guard.addresses.alertmanager, '/-/ready')).status).toBe(200);
  });

  it.each([true, false])('is cut off where the client does not listen, chunked: %s', async isChunked => {
    const { sent } = await upload(guard.addresses.alertmanager!, '/api/v2/alerts', isChunked, true);
    expect(sent).toBeLessThan(HUGE / 2);
  });

  it('takes no memory, many at once', async () => {
    const address = guard.addresses.alertmanager!;
    const before = process.memoryUsage().arrayBuffers;
    let peak = 0;
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().arrayBuffers - before);
    }, 5);
    try {
      const uploads = await Promise.all(
        Array.from({ length: 8 }, () => upload(address, '/api/v2/alerts', true)),
      );
      expect(uploads.map(({ answer }) => answer.slice(9, 12))).toEqual(uploads.map(() => '413'));
    } finally {
      clearInterval(watch);
    }
    expect(peak).toBeLessThan(8 * (4 + IN_SOCKETS) * MEGABYTE);
  });
});

describe('a request that arrives too slowly', () => {
  const limit = { timeout: 300, checkEvery: 50 };

  it.each([
    [
      'the body',
      'POST /x HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n',
    ],
    ['the headers', 'POST /x HTTP/1.1\r\nhost: a\r\nx: '],
  ])('is refused with the timeout named: %s', async (_what, begin) => {
    const port = await bindPort('alertmanager', '127.0.0.1', 0, limit);
    const app = Fastify();
    app.post('/x', async () => 'taken');
    await port.serve(app);
    const socket = opened(port.address);
    let answer = '';
    let isOver = false;
    socket.on('data', data => {
      answer += data;
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      isOver = true;
    });
    socket.write(begin);
    for (let drips = 0; drips < 200 && !isOver; drips++) {
      await sleep(20);
      if (socket.writable) socket.write('1');
    }
    await port.close();
    expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
    expect(answer).toContain('the request did not arrive within 0.3 s');
  });
});

describe('what is no request', () => {
  it.each([
    ['no HTTP', 'hello\r\n\r\n', /^HTTP\/1\.1 400 .*the request is not HTTP\/1\.1/s],
    [
      'headers above a megabyte',
      `GET / HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(1_100_000)}\r\n\r\n`,
      /^HTTP\/1\.1 431 .*exceed the 1048576 bytes limit/s,
    ],
  ])('is refused: %s', async (_what, text, answered) => {
    const socket = opened(guard.addresses.alertmanager!);
    let answer = '';
    socket.on('data', data => {
      answer += data;
    });
    socket.on('error', () => {});
    socket.write(text);
    await new Promise<void>(resolve => socket.on('close', () => resolve()));
    expect(answer).toMatch(answered);
  });
});

describe('odd JSON', () => {
  const deep = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  const post = (path: string, body: string) =>
    ask(guard.addresses.alertmanager, `/api/v2${path}`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    });

  it.each([
    ['alerts', '/alerts', deep(100_000), 400],
    ['labels', '/alerts', `[{"labels":${deep(100_000)}}]`, 400],
    ['a field that nobody reads', '/alerts', `[{"labels":{"alertname":"Deep"},"z":${deep(100_000)}}]`, 200],
    ['a silence', '/silences', deep(100_000), 400],
    ['objects', '/silences', `${'{"matchers":'.repeat(100_000)}1${'}'.repeat(100_000)}`, 400],
    ['no end', '/alerts', '['.repeat(1_000_000), 400],
  ])('nested 100,000 deep: %s', async (_what, path, body, status) => {
    const answer = await post(path, body);
    expect(answer.status).toBe(status);
    if (status === 400)
      expect(answer.json).toMatchObject({ code: 400, message: expect.stringMatching(/^parsing /) });
    expect(answer.text.length).toBeLessThan(1000);
  });

  it('keeps a label whose name means something to JavaScript', async () => {
    const names = ['__proto__', 'constructor', 'toString'];
    for (const name of names)
      expect((await post('/alerts', `[{"labels":{"alertname":"Named","${name}":"x"}}]`)).status).toBe(200);
    const { json } = await ask(guard.addresses.alertmanager, '/api/v2/alerts?filter=alertname%3DNamed');
    const found = json.flatMap((each: { labels: object }) => Object.keys(each.labels));
    expect(found.toSorted()).toEqual([...names, 'alertname', 'alertname', 'alertname'].toSorted());
  });
});
