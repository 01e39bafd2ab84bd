import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { createVirtualClock, Labels, milliseconds, silentLogger } from '../core/index.ts';
import type { OutgoingAlert } from '../rules/alert-sender.ts';
import { createEmbeddedSender } from './embedded-sender.ts';
import { createFanOutSender } from './fan-out-sender.ts';
import { createHttpSender } from './http-sender.ts';
import { START, startRouter } from './test-router.ts';

const alert = (name: string): OutgoingAlert => ({
  labels: Labels.of({ alertname: name }),
  annotations: Labels.of({ summary: 's' }),
  startsAt: START - 1000,
  endsAt: START + 1000,
  generatorUrl: 'http://localhost:9090/graph',
});
const batch = (size: number) => Array.from({ length: size }, (_, i) => alert(`A${i}`));

function createHarness(
  answer: (body: string) => Promise<{ ok: boolean; status: number; text(): Promise<string> }>,
) {
  const clock = createVirtualClock(milliseconds(START));
  const registry = new Registry();
  const requests: Array<{ url: string; headers: Record<string, string>; body: string }> = [];
  const sender = createHttpSender({
    urls: ['http://me:hunter2@localhost:9093/prefix/'],
    clock,
    logger: silentLogger,
    registry,
    fetch: (url, init) => {
      requests.push({ url, ...init });
      return answer(init.body);
    },
  });
  const metric = async (name: string) =>
    (await registry.metrics()).split('\n').find(line => line.startsWith(`prometheus_notifications_${name}`));
  return { clock, sender, requests, metric };
}
const taken = () => Promise.resolve({ ok: true, status: 200, text: () => Promise.resolve('') });
const SERIES = '{alertmanager="http://localhost:9093/prefix/api/v2/alerts"}';

describe('the HTTP sender', () => {
  it('posts batches of 256 in order and counts them', async () => {
    const { sender, requests, metric } = createHarness(taken);
    sender.send(batch(300));
    await sender.idle();
    expect(requests.map(({ body }) => JSON.parse(body).length)).toEqual([256, 44]);
    expect(requests[0]!.url).toBe('http://localhost:9093/prefix/api/v2/alerts');
    expect(requests[0]!.headers.authorization).toMatch(/^Basic /);
    expect(JSON.parse(requests[0]!.body)[0]).toEqual({
      labels: { alertname: 'A0' },
      annotations: { summary: 's' },
      startsAt: '2025-12-31T23:59:59.000Z',
      endsAt: '2026-01-01T00:00:01.000Z',
      generatorURL: 'http://localhost:9090/graph',
    });
    expect(await metric('sent_total')).toBe(`prometheus_notifications_sent_total${SERIES} 300`);
    expect(await metric('queue_length')).toBe(`prometheus_notifications_queue_length${SERIES} 0`);
  });

  it('drops a batch that is not taken and goes on', async () => {
    let calls = 0;
    const { sender, metric } = createHarness(() =>
      calls++ === 0
        ? Promise.resolve({ ok: false, status: 503, text: () => Promise.resolve('no') })
        : taken(),
    );
    sender.send(batch(257));
    await sender.idle();
    expect(await metric('errors_total')).toBe(`prometheus_notifications_errors_total${SERIES} 256`);
    expect(await metric('dropped_total')).toBe(`prometheus_notifications_dropped_total${SERIES} 256`);
    expect(await metric('sent_total')).toBe(`prometheus_notifications_sent_total${SERIES} 1`);
  });

  it('drops the oldest when 10,000 wait, and what is left when stopped', async () => {
    const { sender, clock, metric } = createHarness(() => new Promise(() => {}));
    sender.send(batch(1));
    await clock.advance(0);
    sender.send(batch(10_005));
    expect(await metric('dropped_total')).toBe(`prometheus_notifications_dropped_total${SERIES} 5`);
    expect(await metric('queue_length')).toBe(`prometheus_notifications_queue_length${SERIES} 10000`);
  });

  it('gives a request ten seconds', async () => {
    const harness = createHarness(() => Promise.reject(new Error('unused')));
    const registry = new Registry();
    const sender = createHttpSender({
      urls: ['http://localhost:9093'],
      clock: harness.clock,
      logger: silentLogger,
      registry,
      fetch: (_url, { signal }) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    });
    sender.send(batch(1));
    await harness.clock.advance(10_000);
    await sender.idle();
    expect(await registry.metrics()).toContain(
      'errors_total{alertmanager="http://localhost:9093/api/v2/alerts"} 1',
    );
    sender.send(batch(1));
    await sender.stop();
  });
});

describe('the embedded sender', () => {
  it('hands alerts to the router with their times, annotations and source', () => {
    const { router } = startRouter('route: { receiver: r }\nreceivers: [{ name: r }]');
    createEmbeddedSender(router, silentLogger).send([alert('A')]);
    expect(router.alerts()[0]).toMatchObject({
      labels: { alertname: 'A' },
      annotations: { summary: 's' },
      startsAt: '2025-12-31T23:59:59.000Z',
      endsAt: '2026-01-01T00:00:01.000Z',
      generatorURL: 'http://localhost:9090/graph',
    });
  });

  it('does not throw at the rules when the router does', () => {
    const errors: string[] = [];
    const logger = { ...silentLogger, error: (_fields: object, message: string) => errors.push(message) };
    const broken = {
      put: () => {
        throw new Error('broken');
      },
    };
    createEmbeddedSender(broken, logger).send([alert('A')]);
    expect(errors).toEqual(['alerts could not be routed']);
  });
});

describe('the fan-out sender', () => {
  it('reaches every sender even when one throws', () => {
    const seen: number[] = [];
    const broken = {
      send: () => {
        throw new Error('broken');
      },
    };
    const fan = createFanOutSender([broken, { send: alerts => seen.push(alerts.length) }]);
    expect(() => fan.send(batch(2))).toThrow(/every router/);
    expect(seen).toEqual([2]);
  });
});
