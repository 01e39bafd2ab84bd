import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { listenOnBlockedPort } from '../../../../packages/guard/src/http-client/blocked-ports.testing.ts';
import { parseWebhook } from '../payload.ts';
import {
  beatOf,
  closeAll,
  LATE_AFTER,
  makeFolder,
  startOutgoing,
  startReceiver,
} from './receiver.testing.ts';
import { START } from './virtual-clock.testing.ts';

afterEach(closeAll);

const delivered = (count: number) => (metrics: string) =>
  metrics.includes(`deadman_messages_total{outcome="delivered"} ${count}\n`);
const failed = (count: number) => (metrics: string) =>
  metrics.includes(`deadman_messages_total{outcome="failed"} ${count}\n`);

describe("the receiver's dead-man part", () => {
  it('shows the heartbeat as JSON, as metrics and on the page, and keeps it out of the notifications', async () => {
    const { beat, view, get, clock } = startReceiver();
    expect(await view()).toMatchObject({ state: 'never_seen', lastSeenAt: null, lateSince: null });
    expect(await get('/')).toContain('never seen');
    expect(await get('/metrics')).not.toMatch(/^deadman_last_heartbeat_timestamp_seconds \d/m);
    expect((await beat()).statusCode).toBe(200);
    expect(await view()).toEqual({
      state: 'alive',
      lastSeenAt: START,
      expectedIntervalSeconds: 30,
      lateAfterSeconds: 120,
      lateSince: null,
      outgoing: { configured: false, lastFailure: null },
    });
    expect(await get('/')).toContain('No notification yet.');
    expect(JSON.parse(await get('/api/notifications'))).toEqual({ notifications: [] });
    const metrics = await get('/metrics');
    for (const line of [
      'deadman_state{state="alive"} 1',
      'deadman_state{state="late"} 0',
      `deadman_last_heartbeat_timestamp_seconds ${START / 1000}`,
      'deadman_expected_interval_seconds 30',
      'deadman_late_after_seconds 120',
      'deadman_heartbeats_total{outcome="accepted"} 1',
    ])
      expect(metrics).toContain(`${line}\n`);
    clock.advance(LATE_AFTER);
    expect(await view()).toMatchObject({ state: 'late', lateSince: START + LATE_AFTER });
    expect(await get('/')).toContain('<span class="firing">late</span>; since 2026-01-01T00:02:00.000Z');
    expect(await get('/metrics')).toContain('deadman_state{state="late"} 1\n');
  });

  it.each([
    ['nonsense', { hello: 1 }, 400, 'invalid'],
    ['a page that was routed here', beatOf({ labels: { alertname: 'TargetDown' } }), 400, 'invalid'],
    ['the end of the alert', beatOf({ status: 'resolved' }), 200, 'resolved'],
  ])('takes %s for no heartbeat', async (_, payload, status, outcome) => {
    const { beat, view, get } = startReceiver();
    expect((await beat(payload)).statusCode).toBe(status);
    expect((await view()).state).toBe('never_seen');
    expect(await get('/metrics')).toContain(`deadman_heartbeats_total{outcome="${outcome}"} 1\n`);
  });

  it('tells the outgoing webhook once that it is late, and once that it is back', async () => {
    const outgoing = await startOutgoing();
    const { beat, clock, settled, view } = startReceiver({ webhookUrl: outgoing.url });
    await beat();
    clock.advance(LATE_AFTER);
    await settled(delivered(1));
    clock.advance(3_600_000);
    await beat();
    await settled(delivered(2));
    await beat();
    expect(
      outgoing.messages.map(({ status, alerts }) => [status, alerts[0]!.startsAt, alerts[0]!.endsAt]),
    ).toEqual([
      ['firing', '2026-01-01T00:02:00.000Z', '0001-01-01T00:00:00Z'],
      ['resolved', '2026-01-01T00:02:00.000Z', '2026-01-01T01:02:00.000Z'],
    ]);
    for (const message of outgoing.messages) expect(parseWebhook(message).ok).toBe(true);
    expect(JSON.stringify(await view())).not.toContain('secret');
  });

  it('tries again, longer and longer apart, until it is taken; follows no redirect', async () => {
    const outgoing = await startOutgoing();
    outgoing.answer(302);
    const { clock, settled, view, get } = startReceiver({ webhookUrl: outgoing.url });
    clock.advance(LATE_AFTER);
    await settled(failed(1));
    expect((await view()).outgoing.lastFailure).toBe('status 302');
    expect(await get('/')).toContain('telling of it failed: status 302');
    outgoing.answer(500);
    for (const [i, wait] of [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000].entries()) {
      expect(clock.waiting()).toContain(wait);
      clock.advance(wait);
      await settled(failed(i + 2));
    }
    outgoing.answer(200);
    clock.advance(60_000);
    await settled(delivered(1));
    expect((await view()).outgoing.lastFailure).toBeNull();
    expect(new Set(outgoing.paths)).toEqual(new Set(['/hook/secret']));
  });

  it('tells it at a port that browsers refuse, too', async () => {
    const outgoing = await startOutgoing(listenOnBlockedPort);
    const { clock, settled } = startReceiver({ webhookUrl: outgoing.url });
    clock.advance(LATE_AFTER);
    await settled(delivered(1));
  });

  it('shows the address that it tells nowhere, whatever comes of it', async () => {
    const outgoing = await startOutgoing();
    outgoing.answer(500);
    const { app, beat, clock, settled, get, logged } = startReceiver({ webhookUrl: outgoing.url });
    const gone = startReceiver({ webhookUrl: new URL('http://127.0.0.1:1/hook/secret?key=secret') });
    const noTls = startReceiver({ webhookUrl: new URL(`https://${outgoing.url.host}/hook/secret`) });
    for (const receiver of [{ clock, settled }, gone, noTls]) {
      receiver.clock.advance(LATE_AFTER);
      await receiver.settled(failed(1));
    }
    for (const [i, status] of [302, 404, 200].entries()) {
      outgoing.answer(status);
      clock.advance(1_000 * 2 ** i);
      await settled(status === 200 ? delivered(1) : failed(i + 2));
    }
    await beat();
    await settled(delivered(2));
    await app.inject({ method: 'POST', url: '/webhook', payload: beatOf({ labels: { alertname: 'x' } }) });
    for (const receiver of [{ get, logged }, gone, noTls]) {
      const shown = ['/', '/metrics', '/api/heartbeat', '/api/notifications', '/api/deliveries'];
      for (const path of shown) expect(await receiver.get(path), path).not.toContain('secret');
      const told = receiver.logged.filter(line => line.includes('outgoing webhook'));
      expect(told.length).toBeGreaterThan(0);
      expect(receiver.logged.join('')).not.toContain('secret');
    }
  });

  it('does not wait for an answer for ever', async () => {
    const outgoing = await startOutgoing();
    outgoing.answer(0);
    const { clock, settled, view } = startReceiver({ webhookUrl: outgoing.url });
    clock.advance(LATE_AFTER);
    await expect.poll(() => outgoing.messages.length).toBe(1);
    clock.advance(9_999);
    expect((await view()).outgoing.lastFailure).toBeNull();
    clock.advance(1);
    await settled(failed(1));
    expect((await view()).outgoing.lastFailure).toBe('no answer within 10 s');
  });

  it('tells an outage that ended meanwhile as ended, with both its times', async () => {
    const outgoing = await startOutgoing();
    outgoing.answer(503);
    const { beat, clock, settled } = startReceiver({ webhookUrl: outgoing.url });
    clock.advance(LATE_AFTER);
    await settled(failed(1));
    await beat();
    await settled(failed(2));
    outgoing.answer(200);
    clock.advance(2_000);
    await settled(delivered(1));
    expect(outgoing.messages.map(({ status }) => status)).toEqual(['firing', 'resolved', 'resolved']);
  });

  it('remembers over a restart, tells what was not told before, and repeats nothing that was', async () => {
    const outgoing = await startOutgoing();
    outgoing.answer(500);
    const dataDir = makeFolder();
    const first = startReceiver({ dataDir, webhookUrl: outgoing.url });
    await first.beat();
    first.clock.advance(LATE_AFTER);
    await first.settled(failed(1));
    await first.app.close();

    outgoing.answer(200);
    const second = startReceiver({ dataDir, webhookUrl: outgoing.url });
    expect(await second.view()).toMatchObject({ state: 'late', lastSeenAt: START });
    await second.settled(delivered(1));
    await second.app.close();

    const third = startReceiver({ dataDir, webhookUrl: outgoing.url });
    await third.beat();
    await third.settled(delivered(1));
    expect(outgoing.messages.map(({ status }) => status)).toEqual(['firing', 'firing', 'resolved']);
    expect(JSON.parse(readFileSync(join(dataDir, 'heartbeat.json'), 'utf8')).outage).toBeNull();
  });

  it('begins anew where its memory is damaged', async () => {
    const dataDir = makeFolder();
    writeFileSync(join(dataDir, 'heartbeat.json'), '{"lastSeen":12');
    const { beat, view } = startReceiver({ dataDir });
    expect((await view()).state).toBe('never_seen');
    await beat();
    expect(JSON.parse(readFileSync(join(dataDir, 'heartbeat.json'), 'utf8')).lastSeen).toBe(START);
  });
});
