import { createServer } from 'node:http';
import { PassThrough } from 'node:stream';
import { expect, it, vi } from 'vitest';
import { createSystemClock } from '../core/index.ts';
import { listenOnBlockedPort } from '../http-client/blocked-ports.testing.ts';
import type { RunningStack } from '../stack/index.ts';
import { startScreen } from './screen.ts';

it('shows the SLOs of a console at a port that browsers refuse', async () => {
  const slo = {
    service: 'shop',
    slo: 'availability',
    state: 'ok',
    burnRates: [{ window: '5m', value: 1.5 }],
    budget: { remaining: 0.75 },
  };
  const server = createServer((_, response) => response.end(JSON.stringify({ slos: [slo] })));
  const port = await listenOnBlockedPort(server);
  const terminal = Object.assign(new PassThrough(), { isTTY: true, columns: 200, rows: 50 });
  const shown: string[] = [];
  terminal.on('data', text => shown.push(String(text)));
  const screen = startScreen({
    clock: createSystemClock(),
    output: terminal as unknown as NodeJS.WriteStream,
  });
  const stack: Pick<RunningStack, 'parts'> = { parts: () => [] };
  screen.watch(stack as RunningStack, `http://127.0.0.1:${port}`);
  try {
    await vi.waitFor(() => expect(shown.join('')).toMatch(/shop\/availability.*burn 5m 1\.5×.*75\.0 %/), {
      timeout: 5000,
    });
  } finally {
    await screen.stop();
    await new Promise(resolve => server.close(resolve));
  }
});
