import { describe, expect, it } from 'vitest';
import { playSteps, REFUSED, START, startRouter, UNAVAILABLE } from './test-router.ts';

const CONFIG = `
global: { resolve_timeout: 2m }
route:
  receiver: page
  group_by: [service]
  group_wait: 10s
  routes: [{ receiver: ticket, matchers: [severity="ticket"] }]
inhibit_rules: [{ source_matchers: [severity="page"], target_matchers: [severity="ticket"], equal: [service] }]
receivers:
  - { name: page, labels: { team: a }, webhook_configs: [{ url: 'http://localhost:1/' }] }
  - { name: ticket, webhook_configs: [{ url: 'http://localhost:1/' }] }
`;
const names = (views: ReadonlyArray<{ labels: Record<string, string> }>) =>
  views.map(view => view.labels.alertname).sort();

describe('putting alerts', () => {
  it('keeps the valid ones of a batch and names the others', () => {
    const { router } = startRouter(CONFIG);
    const result = router.put([
      { labels: { alertname: 'A', empty: '' } },
      { labels: { gone: '' } },
      { labels: { alertname: 'B' }, startsAt: START, endsAt: START - 1 },
      { labels: { alertname: 'C' }, endsAt: START + 1000 },
    ]);
    expect(result).toEqual({
      accepted: 2,
      durable: true,
      invalid: [
        { index: 1, message: 'at least one label pair required' },
        { index: 2, message: 'start time must be before end time' },
      ],
    });
    const [a, c] = router.alerts().sort((x, y) => (x.labels.alertname! < y.labels.alertname! ? -1 : 1));
    expect(a).toEqual({
      annotations: {},
      endsAt: '2026-01-01T00:02:00.000Z',
      fingerprint: a!.fingerprint,
      receivers: [{ name: 'page' }],
      startsAt: '2026-01-01T00:00:00.000Z',
      status: { inhibitedBy: [], mutedBy: [], silencedBy: [], state: 'active' },
      updatedAt: '2026-01-01T00:00:00.000Z',
      labels: { alertname: 'A' },
    });
    expect(c!.startsAt).toBe('2026-01-01T00:00:01.000Z');
  });

  it('merges what overlaps: the earlier start, the end that a sender gave over one made up', async () => {
    const { router, clock } = startRouter(CONFIG);
    router.put([{ labels: { a: 'b' }, startsAt: START - 5000 }]);
    await clock.advance(1000);
    router.put([{ labels: { a: 'b' }, endsAt: START + 30_000, startsAt: START }]);
    expect(router.alerts()[0]).toMatchObject({
      startsAt: '2025-12-31T23:59:55.000Z',
      endsAt: '2026-01-01T00:00:30.000Z',
    });
    router.put([{ labels: { a: 'b' }, startsAt: START, endsAt: START + 20_000 }]);
    expect(router.alerts()[0]!.endsAt).toBe('2026-01-01T00:00:30.000Z');
    router.put([{ labels: { a: 'b' }, startsAt: START, endsAt: START + 999 }]);
    expect(router.alerts()).toEqual([]);
  });
});

describe('a batch', () => {
  it('that holds one alert twice keeps the later, in its group as well', async () => {
    const { router, clock, told } = startRouter(CONFIG);
    const labels = { alertname: 'Twin', service: 'a' };
    router.put([
      { labels: { ...labels, empty: '' }, annotations: { n: '1' } },
      { labels, annotations: { n: '2' } },
    ]);
    expect(router.groups()[0]!.alerts).toMatchObject([{ annotations: { n: '2' } }]);
    router.put([
      { labels, startsAt: START - 9000, endsAt: START + 99_000 },
      { labels, startsAt: START - 9000, endsAt: START },
    ]);
    await clock.advance(10_000);
    expect([router.alerts(), told()]).toEqual([[], []]);
  });
});

describe('the views', () => {
  it('show suppressed alerts with what suppresses them, and leave out what the filter does not want', async () => {
    const test = startRouter(CONFIG);
    await playSteps(
      test,
      `silence service=s 1h
       fire Fast service=a severity=page
       fire Slow service=a severity=ticket
       fire Quiet service=s severity=page`,
    );
    const { router } = test;
    const byName = Object.fromEntries(router.alerts().map(view => [view.labels.alertname, view]));
    expect(byName.Slow!.status).toEqual({
      inhibitedBy: [byName.Fast!.fingerprint],
      mutedBy: [],
      silencedBy: [],
      state: 'suppressed',
    });
    expect(byName.Quiet!.status).toMatchObject({ silencedBy: ['id-0'], state: 'suppressed' });
    expect(names(router.alerts({ inhibited: false }))).toEqual(['Fast', 'Quiet']);
    expect(names(router.alerts({ silenced: false }))).toEqual(['Fast', 'Slow']);
    expect(names(router.alerts({ active: false }))).toEqual(['Quiet', 'Slow']);
    expect(names(router.alerts({ receiver: 'tick.*' }))).toEqual(['Slow']);
    expect(names(router.alerts({ receiverMatchers: ['team="a"'] }))).toEqual(['Fast', 'Quiet']);
    expect(names(router.alerts({ filter: ['alertname=~"F.*|S.*"', 'severity!="page"'] }))).toEqual(['Slow']);
    expect(
      router.groups().map(({ labels, receiver, alerts }) => [labels.service, receiver.name, names(alerts)]),
    ).toEqual([
      ['a', 'page', ['Fast']],
      ['a', 'ticket', ['Slow']],
      ['s', 'page', ['Quiet']],
    ]);
    expect(() => router.alerts({ filter: ['x'] })).toThrow(/bad-matcher/);
    expect(router.receivers()).toEqual([
      { name: 'page', labels: { name: 'page', team: 'a' } },
      { name: 'ticket', labels: { name: 'ticket' } },
    ]);
    expect(router.status().config.original).toContain('url: <secret>');
  });

  it('tell what an alert waits for', async () => {
    const test = startRouter(CONFIG);
    const { router, clock } = test;
    await playSteps(test, 'fire Fast service=a severity=page');
    const { fingerprint } = router.alerts()[0]!;
    const group = { groupKey: '{}:{service="a"}', receiver: 'page' };
    expect(router.waitsOf(fingerprint)).toEqual([
      { ...group, waitsFor: 'group_wait', until: START + 10_000 },
    ]);
    await clock.advance(10_000);
    expect(router.waitsOf(fingerprint)).toEqual([
      { ...group, waitsFor: 'group_interval', until: START + 310_000 },
    ]);
    expect(router.waitsOf('none')).toEqual([]);
  });

  it('tell of each alert what was decided and why', async () => {
    const test = startRouter(CONFIG);
    await playSteps(
      test,
      `fire Fast service=a severity=page
       fire Slow service=a severity=ticket
       receiver page 400 ok
       wait 11m`,
    );
    const told = (name: string) => {
      const view = test.router.alerts().find(({ labels }) => labels.alertname === name)!;
      return test.router
        .historyOf(view.fingerprint)
        .map(({ decision, reason, answer, times }) => [decision, reason, times, ...(answer ? [answer] : [])]);
    };
    expect(told('Fast')).toEqual([
      ['failed', 'unexpected status code 400', 1],
      ['sent', 'first notification', 1, 'status 200'],
      ['not sent', 'already sent, repeat interval not elapsed', 1],
    ]);
    const [[, reason, times]] = told('Slow') as [[string, string, number]];
    expect(reason).toMatch(/^inhibited by [0-9a-f]{16}$/);
    expect(times).toBe(3);
  });

  it('list recent notifications, newest first, those under way included', async () => {
    const test = startRouter(CONFIG);
    test.answer('page', UNAVAILABLE);
    test.answer('ticket', REFUSED);
    await playSteps(test, 'fire A service=a\nfire B service=b severity=ticket\nwait 11s');
    const shown = test.router
      .recentNotifications(10)
      .map(({ receiver, outcome, attempts, reason }) => [receiver, outcome, attempts, reason]);
    expect(shown).toEqual([
      ['page', 'retrying', 2, 'unexpected status code 503'],
      ['ticket', 'failed', 1, 'unexpected status code 400'],
    ]);
    expect(test.router.recentNotifications(1)).toHaveLength(1);
  });

  it('leave heartbeats out of the recent notifications, unless one fails', async () => {
    const test = startRouter(CONFIG);
    await playSteps(test, 'fire Watchdog severity=none\nwait 11s');
    expect(test.router.recentNotifications(10)).toEqual([]);
    test.answer('page', REFUSED);
    await playSteps(test, 'fire Watchdog service=b severity=none\nwait 11s');
    expect(test.router.recentNotifications(10).map(({ outcome }) => outcome)).toEqual(['failed']);
  });

  it('are counted as metrics under the names of Alertmanager', async () => {
    const test = startRouter(CONFIG);
    await playSteps(
      test,
      `fire Fast service=a severity=page
       fire Slow service=a severity=ticket
       receiver page 400
       wait 10s
       fire New service=n`,
    );
    const text = await test.registry.metrics();
    for (const line of [
      'alertmanager_alerts{state="active"} 1',
      'alertmanager_alerts{state="suppressed"} 1',
      'alertmanager_alerts{state="unprocessed"} 1',
      'alertmanager_notifications_total{integration="webhook"} 1',
      'alertmanager_notifications_failed_total{integration="webhook",reason="clientError"} 1',
      'alertmanager_notifications_suppressed_total{reason="inhibition"} 1',
      'alertmanager_dispatcher_aggregation_groups 3',
      'alertmanager_alerts_received_total{status="firing",version="v2"} 3',
      'alertmanager_silences{state="active"} 0',
      'alertmanager_receivers 2',
    ])
      expect(text).toContain(line);
  });
});

describe('silences', () => {
  it('change in place while they may, else make way for a new one', async () => {
    const { router, clock } = startRouter(CONFIG);
    const matchers = [{ name: 'a', value: 'b', isRegex: false, isEqual: true }];
    const base = { matchers, startsAt: START, endsAt: START + 60_000, createdBy: 'me', comment: 'c' };
    const id = router.silences.set(base);
    await clock.advance(1000);
    expect(router.silences.set({ ...base, id, endsAt: START + 90_000 })).toBe(id);
    const other = router.silences.set({ ...base, id, matchers: [{ ...matchers[0]!, value: 'c' }] });
    expect(other).not.toBe(id);
    expect(router.silences.list().map(each => [each.id, router.silences.stateOf(each)])).toEqual([
      [other, 'active'],
      [id, 'expired'],
    ]);
    router.silences.expire(other);
    const expired = router.silences.get(other);
    await clock.advance(1000);
    router.silences.expire(other);
    expect(router.silences.get(other)).toEqual(expired);
    expect(() => router.silences.expire('none')).toThrow(/silence-not-found/);
    expect(() => router.silences.set({ ...base, matchers: [{ ...matchers[0]!, value: '' }] })).toThrow(
      /empty string/,
    );
  });
});

describe('a reload', () => {
  it('takes the new routing without telling again what was told', async () => {
    const test = startRouter(CONFIG);
    await playSteps(test, 'fire A service=a\nwait 10s\nexpect 10 page: firing A (first notification)');
    const { loadAlertmanagerConfig } = await import('./load-config.ts');
    await test.router.reload(
      loadAlertmanagerConfig('am.yml', CONFIG.replace('group_wait: 10s', 'group_wait: 1s')),
    );
    expect(
      await playSteps(test, 'fire B service=b\nwait 1s\nexpect 11 page: firing B (first notification)'),
    ).toEqual([]);
    expect(await playSteps(test, 'wait 10m\nnothing')).toEqual([]);
  });
});

it('groups show the labels of their route as the group fills them in', async () => {
  const { router, clock } = startRouter(`
route: { receiver: r, group_by: [service], labels: { who: '{{ .GroupLabels.service }}/{{ len .Alerts }}', bad: '{{ .No }}' } }
receivers: [{ name: r }]
`);
  router.put([
    { labels: { alertname: 'A', service: 'a' } },
    { labels: { alertname: 'B', service: 'a' } },
    { labels: { alertname: 'A', service: 'b' } },
  ]);
  await clock.advance(1000);
  expect(router.groups().map(({ routeLabels }) => routeLabels)).toEqual([{ who: 'a/2' }, { who: 'b/1' }]);
});
