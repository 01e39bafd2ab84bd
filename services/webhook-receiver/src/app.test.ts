import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createReceiver } from './app.ts';
import { openJournal } from './journal.ts';
import { parseWebhook } from './payload.ts';
import { createNotificationStore } from './store.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});
const makeFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), 'receiver-'));
  folders.push(folder);
  return folder;
};

interface AlertFields {
  fingerprint?: string;
  startsAt?: string;
  status?: string;
  labels?: Record<string, string>;
}

function webhook(...alerts: AlertFields[]) {
  return {
    version: '4',
    status: 'firing',
    receiver: 'default',
    groupKey: '{}:{alertname="Burn"}',
    groupLabels: {},
    commonLabels: {},
    commonAnnotations: {},
    externalURL: 'http://127.0.0.1:9093',
    truncatedAlerts: 0,
    notification_reason: 'first notification',
    alerts: alerts.map(alert => ({
      status: 'firing',
      labels: { alertname: 'Burn', service: 'service_a' },
      annotations: { summary: 'It burns' },
      startsAt: '2026-01-01T00:00:00.123456789Z',
      endsAt: '0001-01-01T00:00:00Z',
      generatorURL: '',
      fingerprint: 'f1',
      ...alert,
    })),
  };
}

function setup(dataDir?: string) {
  let now = 1000;
  const app = createReceiver({
    logLevel: 'silent',
    guard: { host: '127.0.0.1' },
    clock: { now: () => now, after: () => ({ cancel() {} }) },
    ...(dataDir === undefined ? {} : { dataDir }),
  });
  const send = (payload: object | string, url = '/') =>
    app.inject({ method: 'POST', url, payload, headers: { 'content-type': 'application/json' } });
  const list = async (query = '') => (await app.inject(`/api/notifications${query}`)).json().notifications;
  return { app, send, list, setNow: (time: number) => (now = time) };
}

describe('notifications', () => {
  it('counts repeated deliveries under one entry, and makes a new one when the status changes', async () => {
    const { send, list, setNow } = setup();
    await send(webhook({}));
    setNow(2000);
    await send(webhook({}), '/webhook');
    setNow(3000);
    await send(webhook({ status: 'resolved' }));
    expect(await list()).toMatchObject([
      { status: 'resolved', deliveries: 1, firstReceivedAt: 3000 },
      {
        status: 'firing',
        deliveries: 2,
        firstReceivedAt: 1000,
        lastReceivedAt: 2000,
        fingerprint: 'f1',
        receiver: 'default',
        groupKey: '{}:{alertname="Burn"}',
        labels: { alertname: 'Burn', service: 'service_a' },
        annotations: { summary: 'It burns' },
      },
    ]);
  });

  it('tells incidents apart by fingerprint and start', async () => {
    const { send, list } = setup();
    await send(webhook({}, { fingerprint: 'f2' }, { startsAt: '2026-01-02T00:00:00Z' }));
    expect(await list()).toHaveLength(3);
  });

  it('gives those received since a time', async () => {
    const { app, send, list, setNow } = setup();
    await send(webhook({}));
    setNow(5000);
    await send(webhook({ fingerprint: 'f2' }));
    expect(await list('?since=5000')).toHaveLength(1);
    expect(await list('?since=1970-01-01T00:00:05Z')).toHaveLength(1);
    expect((await app.inject('/api/notifications?since=yesterday')).statusCode).toBe(400);
  });

  it.each([
    ['another version', { ...webhook({}), version: '3' }],
    ['no alerts', { version: '4' }],
    ['a status that does not exist', webhook({ status: 'pending' })],
    ['a list', []],
  ])('refuses %s with 400 and keeps nothing', async (_what, payload) => {
    const { send, list } = setup();
    const answer = await send(payload);
    expect([answer.statusCode, answer.json().error]).toEqual([400, 'bad_request']);
    expect(await list()).toEqual([]);
  });

  it('refuses more than four megabytes with 413', async () => {
    expect((await setup().send({ filler: 'x'.repeat(4 * 1024 * 1024) })).statusCode).toBe(413);
  });

  it('forgets the oldest beyond its limits, and counts them', () => {
    const store = createNotificationStore({ notifications: 2, deliveryBytes: 100 });
    for (const fingerprint of ['a', 'b', 'c']) {
      const raw = webhook({ fingerprint });
      const parsed = parseWebhook(raw);
      if (parsed.ok) store.add(parsed.payload, raw, 60, 1);
    }
    expect(store.notifications().map(entry => entry.fingerprint)).toEqual(['c', 'b']);
    expect(store.stats()).toEqual({
      deliveries: 3,
      notifications: 2,
      evictedNotifications: 1,
      evictedDeliveries: 2,
    });
  });
});

describe('the page', () => {
  it('shows labels as text, whatever they contain', async () => {
    const { app, send } = setup();
    await send(webhook({ labels: { alertname: '<script>alert(1)</script>', x: '"><img src=x>' } }));
    const page = await app.inject('/');
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page.body).not.toContain('<img');
    expect(page.body).not.toContain('<script');
  });
});

describe('persistence', () => {
  it('survives a restart, and a line that a crash cut short', async () => {
    const folder = makeFolder();
    const first = setup(folder);
    await first.send(webhook({}));
    await first.send(webhook({}));
    await first.app.close();
    appendFileSync(join(folder, 'deliveries.jsonl'), '{"receivedAt":5,"pay');

    const second = setup(folder);
    expect(await second.list()).toMatchObject([{ deliveries: 2, firstReceivedAt: 1000 }]);
    await second.send(webhook({ status: 'resolved' }));
    await second.app.close();

    const third = setup(folder);
    expect(await third.list()).toMatchObject([{ status: 'resolved' }, { status: 'firing', deliveries: 2 }]);
    expect((await third.app.inject('/api/deliveries')).json().deliveries).toHaveLength(3);
    await third.app.close();
  });

  it('keeps two files of bounded size', () => {
    const folder = makeFolder();
    const journal = openJournal(folder, 100);
    for (let i = 0; i < 20; i += 1) journal.append({ i, filler: 'x'.repeat(20) });
    journal.close();
    expect(readFileSync(join(folder, 'deliveries.jsonl')).length).toBeLessThanOrEqual(100);
    const { replayed } = openJournal(folder, 100);
    expect(replayed.lines.at(-1)).toMatchObject({ i: 19 });
    expect(replayed.damaged).toBe(0);
  });
});

describe('behaviour on purpose', () => {
  const behave = (app: ReturnType<typeof setup>['app'], payload: object, headers = {}) =>
    app.inject({
      method: 'POST',
      url: '/admin/behaviour',
      payload,
      headers: { host: 'localhost', ...headers },
    });

  it('answers with the status it was told, keeps nothing, and recovers', async () => {
    const { app, send, list } = setup();
    expect((await behave(app, { mode: 'status', status: 500 })).json()).toEqual({
      mode: 'status',
      status: 500,
      lease_seconds: 600,
      ends_at: '1970-01-01T00:10:01.000Z',
    });
    expect((await send(webhook({}))).statusCode).toBe(500);
    expect(await list()).toEqual([]);
    await behave(app, { mode: 'ok' });
    expect((await send(webhook({}))).statusCode).toBe(200);
  });

  it('ends by its lease', async () => {
    const { app, send, setNow } = setup();
    await behave(app, { mode: 'status', lease_seconds: 10 });
    expect((await send(webhook({}))).statusCode).toBe(503);
    setNow(11_000);
    expect((await send(webhook({}))).statusCode).toBe(200);
  });

  it('hangs until it is released', async () => {
    const { app, send, list } = setup();
    await behave(app, { mode: 'hang' });
    const hung = send(webhook({}));
    await app.inject('/healthz');
    await behave(app, { mode: 'ok' });
    expect((await hung).statusCode).toBe(503);
    expect(await list()).toEqual([]);
  });

  it('is guarded as the failure modes are', async () => {
    const { app } = setup();
    expect((await behave(app, { mode: 'hang' }, { origin: 'null' })).statusCode).toBe(403);
    expect((await behave(app, { mode: 'hang' }, { host: 'evil.example' })).statusCode).toBe(403);
    expect((await behave(app, { mode: 'explode' })).statusCode).toBe(400);
    expect((await behave(app, { mode: 'status', status: 200 })).statusCode).toBe(400);
    expect((await app.inject({ url: '/admin/behaviour', headers: { host: 'localhost' } })).json().mode).toBe(
      'ok',
    );
  });
});
