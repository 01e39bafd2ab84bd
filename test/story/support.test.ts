import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { BLOCKED_PORTS } from '../../packages/guard/src/http-client/index.ts';
import { eventually, freePortsByName } from './support.ts';

describe('eventually', () => {
  it('asks on while there is no answer, none that satisfies, or one that breaks off', async () => {
    const { console: port } = await freePortsByName();
    const server = createServer((_, response) => {
      asked += 1;
      if (asked === 1)
        response.writeHead(200, { 'content-length': '9' }).write('half', () => response.destroy());
      else response.end(asked === 2 ? 'no JSON' : '[1]');
    });
    let asked = 0;
    let tries = 0;
    const answer = await eventually('an answer', 10, async () => {
      tries += 1;
      if (tries === 2) await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve));
      const response = await fetch(`http://127.0.0.1:${port}/`);
      return response.json();
    });
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
    expect(answer).toEqual([1]);
    expect([tries, asked]).toEqual([4, 3]);
  });

  it('says in the end what it met last', async () => {
    const failing = (error: Error) => eventually('it', 0.2, () => Promise.reject(error));
    await expect(failing(new Error('not yet'))).rejects.toThrow(
      'it did not come within 0.2 s (Error: not yet)',
    );
    await expect(failing(new TypeError('fetch failed', { cause: new Error('refused') }))).rejects.toThrow(
      'it did not come within 0.2 s (TypeError: fetch failed: refused)',
    );
  });

  it.each([
    [
      'what is not there',
      async () => (JSON.parse('{}') as { a: { b: string } }).a.b,
      'Cannot read properties',
    ],
    ['an unknown name', async () => Function('return nobody')(), 'nobody is not defined'],
    ['an address that is none', () => fetch('nowhere'), 'Failed to parse URL'],
    [
      'a port that fetch refuses',
      () => fetch(`http://127.0.0.1:${Math.max(...BLOCKED_PORTS)}/`),
      'fetch failed',
    ],
  ])(
    'does not wait for %s',
    async (_, ask, message) => {
      await expect(eventually('it', 10, ask as () => Promise<undefined>)).rejects.toThrow(message);
    },
    2000,
  );
});

it('gives a test no port that browsers refuse', async () => {
  for (let i = 0; i < 20; i += 1)
    for (const port of Object.values(await freePortsByName())) expect(BLOCKED_PORTS).not.toContain(port);
});
