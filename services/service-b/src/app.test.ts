import { describe, expect, it } from 'vitest';
import { createBackend } from './app.ts';

const setup = () => createBackend({ logLevel: 'silent', guard: { host: '127.0.0.1' } });
const failmode = (app: ReturnType<typeof setup>, payload: object) =>
  app.inject({ method: 'POST', url: '/admin/failmode', headers: { host: 'localhost' }, payload });

describe('service_b', () => {
  it('has every series at 0 from the start, with the stated buckets', async () => {
    const { body } = await setup().inject('/metrics');
    for (const status of ['success', 'error']) {
      const labels = `endpoint="/compute",method="GET",status="${status}"`;
      expect(body).toContain(`service_b_requests_total{${labels}} 0\n`);
      expect(body).toContain(`service_b_request_duration_seconds_count{${labels}} 0\n`);
      const buckets = [...body.matchAll(/_bucket\{le="([^"]+)",[^}]*status="(\w+)"\} 0/g)]
        .filter(match => match[2] === status)
        .map(match => match[1]);
      expect(buckets.join(' ')).toBe('0.005 0.01 0.025 0.05 0.1 0.25 0.5 1 2.5 5 10 +Inf');
    }
  });

  it('counts computing and nothing else', async () => {
    const app = setup();
    await app.inject('/compute');
    await failmode(app, { mode: 'error' });
    expect((await app.inject('/compute')).statusCode).toBe(500);
    for (const url of ['/healthz', '/metrics', '/admin/state', '/nope']) await app.inject(url);
    const { body } = await app.inject('/metrics');
    const counted = body.split('\n').filter(line => line.startsWith('service_b_requests_total'));
    expect(counted).toEqual([
      'service_b_requests_total{endpoint="/compute",method="GET",status="success"} 1',
      'service_b_requests_total{endpoint="/compute",method="GET",status="error"} 1',
    ]);
    expect((await app.inject({ method: 'HEAD', url: '/compute' })).statusCode).toBe(404);
  });
});
