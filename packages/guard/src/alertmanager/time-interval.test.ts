import { describe, expect, it } from 'vitest';
import { playSteps, startRouter } from './test-router.ts';
import { containsTime } from './time-interval.ts';
import { timeIntervalSchema } from './time-interval-schema.ts';

const interval = (fields: Record<string, unknown>) =>
  timeIntervalSchema.parse({ name: 'n', time_intervals: [fields] }).time_intervals[0]!;
const contains = (fields: Record<string, unknown>, at: string) =>
  containsTime(interval(fields), Date.parse(at));

describe('a time interval', () => {
  it.each([
    [{}, '2026-01-01T00:00:00Z', true],
    [{ times: [] }, '2026-01-01T00:00:00Z', false],
    [{ times: [{ start_time: '09:00', end_time: '17:00' }] }, '2026-01-01T08:59:59Z', false],
    [{ times: [{ start_time: '09:00', end_time: '17:00' }] }, '2026-01-01T09:00:00Z', true],
    [{ times: [{ start_time: '09:00', end_time: '17:00' }] }, '2026-01-01T17:00:00Z', false],
    [{ times: [{ start_time: '23:00', end_time: '24:00' }] }, '2026-01-01T23:59:59Z', true],
    [{ weekdays: ['Monday:friday', 'sunday'] }, '2026-01-01T12:00:00Z', true],
    [{ weekdays: ['monday:friday', 'sunday'] }, '2026-01-03T12:00:00Z', false],
    [{ weekdays: ['monday:friday', 'sunday'] }, '2026-01-04T12:00:00Z', true],
    [{ days_of_month: [1, '10:12'] }, '2026-01-11T12:00:00Z', true],
    [{ days_of_month: ['1:5'] }, '2026-01-06T12:00:00Z', false],
    [{ days_of_month: [-1] }, '2026-02-28T12:00:00Z', true],
    [{ days_of_month: [-1] }, '2028-02-28T12:00:00Z', false],
    [{ days_of_month: ['-3:-1'] }, '2028-02-27T12:00:00Z', true],
    [{ days_of_month: ['30:31'] }, '2026-02-28T12:00:00Z', false],
    [{ days_of_month: ['25:31'] }, '2026-02-28T12:00:00Z', true],
    [{ months: ['march:5', 'december'] }, '2026-04-01T00:00:00Z', true],
    [{ months: ['march:5', 'december'] }, '2026-06-01T00:00:00Z', false],
    [{ years: [2020, '2026:2027'] }, '2027-12-31T23:59:59Z', true],
    [{ years: [2020, '2026:2027'] }, '2028-01-01T00:00:00Z', false],
    [{ weekdays: ['thursday'], months: ['january'], years: [2025] }, '2026-01-01T00:00:00Z', false],
    // A day there is another here.
    [{ weekdays: ['friday'], location: 'Asia/Tokyo' }, '2026-01-01T15:00:00Z', true],
    [{ years: [2025], location: 'America/New_York' }, '2026-01-01T04:59:59Z', true],
    // Zones whose offset is no whole hour.
    [
      { times: [{ start_time: '09:30', end_time: '09:31' }], location: 'Asia/Kolkata' },
      '2026-01-01T04:00:30Z',
      true,
    ],
  ])('%j and %s: %s', (fields, at, expected) => {
    expect(contains(fields, at)).toBe(expected);
  });

  const night = { times: [{ start_time: '02:00', end_time: '03:00' }], location: 'Europe/Berlin' };
  it.each([
    ['the hour that spring leaves out never comes', '2026-03-29T00:59:59Z', false],
    ['neither does it after the change', '2026-03-29T01:00:00Z', false],
    ['the hour that autumn repeats comes', '2026-10-25T00:30:00Z', true],
    ['and comes once more', '2026-10-25T01:30:00Z', true],
    ['and is over then', '2026-10-25T02:00:00Z', false],
  ])('across summer time: %s', (_what, at, expected) => {
    expect(contains(night, at)).toBe(expected);
  });
});

const CONFIG = `
route:
  receiver: page
  group_by: [alertname]
  group_wait: 1s
  group_interval: 1h
  repeat_interval: 24h
  routes:
    - { receiver: ticket, matchers: [severity="ticket"], mute_time_intervals: [office] }
    - { receiver: office, matchers: [severity="office"], active_time_intervals: [office, never] }
receivers: [page, ticket, office].
time_intervals:
  - name: office
    time_intervals: [{ times: [{ start_time: '09:00', end_time: '17:00' }], location: Europe/Berlin }]
  - { name: never }
`.replace(
  '[page, ticket, office].',
  `[${['page', 'ticket', 'office'].map(name => `{ name: ${name}, webhook_configs: [{ url: 'http://localhost:1/' }] }`).join(', ')}]`,
);

describe('a route with time intervals', () => {
  it('tells when the mute time is over, and says meanwhile by what it is muted', async () => {
    const test = startRouter(CONFIG);
    const { router, clock } = test;
    await clock.advance(9 * 3_600_000);
    await playSteps(test, 'fire A severity=ticket\nfire B severity=page');
    expect(router.groups().map(({ alerts }) => alerts[0]!.status.mutedBy)).toEqual([[], []]);
    await clock.advance(1000);
    const [muted] = router.groups({ receiver: 'ticket' });
    expect(muted!.alerts[0]!.status).toMatchObject({ mutedBy: ['office'], state: 'suppressed' });
    expect(router.groups({ muted: false }).map(({ receiver }) => receiver.name)).toEqual(['page']);
    expect(router.historyOf(muted!.alerts[0]!.fingerprint)).toMatchObject([
      { decision: 'not sent', reason: 'muted by office' },
    ]);
    test.told();
    await clock.advance(7 * 3_600_000);
    expect(test.told()).toEqual(['57601 ticket: firing A (first notification)']);
    expect(router.groups({ receiver: 'ticket' })[0]!.alerts[0]!.status.mutedBy).toEqual([]);
    expect(await test.registry.metrics()).toContain(
      'alertmanager_notifications_suppressed_total{reason="mute_time_interval"} 7',
    );
  });

  it('tells nothing outside of its active times', async () => {
    const test = startRouter(CONFIG);
    await playSteps(test, 'fire A severity=office\nwait 1s\nnothing');
    const [group] = test.router.groups({ receiver: 'office' });
    expect(group!.alerts[0]!.status.mutedBy).toEqual(['office', 'never']);
    expect(test.router.historyOf(group!.alerts[0]!.fingerprint)).toMatchObject([
      { decision: 'not sent', reason: 'not within office, never' },
    ]);
  });
});
