import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createGateway } from './app.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function gatewayTo(listener: RequestListener) {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return createGateway({ logLevel: 'silent', backendUrl: `http://127.0.0.1:${port}` });
}

const counters = async (app: ReturnType<typeof createGateway>) =>
  (await app.inject('/metrics')).body
    .split('\n')
    .filter(line => /^service_a_(requests|dependency_calls)_total/.test(line) && !line.endsWith(' 0'));

const REQUESTS = 'service_a_requests_total{endpoint="/work",method="GET",status=';
const CALLS = 'service_a_dependency_calls_total{dependency="service_b",endpoint="/compute",status=';

describe('service_a', () => {
  it('has every series at 0 from the start', async () => {
    const app = createGateway({ logLevel: 'silent', backendUrl: 'http://127.0.0.1:1' });
    const { body } = await app.inject('/metrics');
    for (const status of ['success', 'error']) {
      expect(body).toContain(`${REQUESTS}"${status}"} 0\n`);
      expect(body).toMatch(new RegExp(`service_a_request_duration_seconds_count{[^}]*status="${status}"} 0`));
    }
    for (const status of ['success', 'error', 'timeout']) expect(body).toContain(`${CALLS}"${status}"} 0\n`);
  });

  it('composes the answer of the backend', async () => {
    const app = await gatewayTo((_request, response) => void response.end('{"result":7}'));
    const answer = await app.inject('/work');
    expect([answer.statusCode, answer.json()]).toEqual([
      200,
      { service: 'service_a', backend: { result: 7 } },
    ]);
    expect(await counters(app)).toEqual([`${REQUESTS}"success"} 1`, `${CALLS}"success"} 1`]);
  });

  it.each<[string, RequestListener]>([
    ['fails', (_request, response) => void response.writeHead(500).end('{}')],
    ['hangs up', request => void request.socket.destroy()],
    ['talks nonsense', (_request, response) => void response.end('<html>')],
  ])('answers 502 when the backend %s', async (_what, listener) => {
    const app = await gatewayTo(listener);
    const answer = await app.inject('/work');
    expect([answer.statusCode, answer.json().error]).toEqual([502, 'backend_error']);
    expect(await counters(app)).toEqual([`${REQUESTS}"error"} 1`, `${CALLS}"error"} 1`]);
  });

  it.each<[string, RequestListener]>([
    ['does not answer', () => {}],
    ['starts an answer and does not end it', (_request, response) => void response.write('{"resu')],
  ])('answers 504 after half a second when the backend %s', async (_what, listener) => {
    const app = await gatewayTo(listener);
    const started = performance.now();
    const answer = await app.inject('/work');
    expect([answer.statusCode, answer.json().error]).toEqual([504, 'backend_timeout']);
    expect(performance.now() - started).toBeGreaterThan(480);
    expect(await counters(app)).toEqual([`${REQUESTS}"error"} 1`, `${CALLS}"timeout"} 1`]);
  });

  it('refuses an address of the backend that is none', () => {
    expect(() => createGateway({ backendUrl: 'service_b:8002' })).toThrow(/SERVICE_B_URL=service_b:8002/);
  });
});
