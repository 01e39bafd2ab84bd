import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { milliseconds } from '../core/index.ts';
import { calendarWindow, NATURAL_ANCHOR } from './calendar.ts';
import type { CalendarUnit, CalendarWindow } from './model.ts';
import { windowLength } from './time-window.ts';

const window = (unit: CalendarUnit, given: Partial<CalendarWindow> = {}): CalendarWindow => ({
  kind: 'calendar',
  unit,
  count: 1,
  timeZone: 'UTC',
  anchor: NATURAL_ANCHOR,
  ...given,
});

const boundsOf = (calendar: CalendarWindow, at: string) => {
  const { from, to } = calendarWindow(calendar, milliseconds(Date.parse(at)));
  return [from, to].map(instant => new Date(instant).toISOString().replace('.000Z', 'Z'));
};

describe('a calendar window', () => {
  test.each<[CalendarWindow, string, string, string]>([
    [window('week'), '2026-11-26T10:00:00Z', '2026-11-23T00:00:00Z', '2026-11-30T00:00:00Z'],
    [window('month'), '2026-11-26T10:00:00Z', '2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z'],
    [window('quarter'), '2026-11-26T10:00:00Z', '2026-10-01T00:00:00Z', '2027-01-01T00:00:00Z'],
    [window('year'), '2020-11-26T10:00:00Z', '2020-01-01T00:00:00Z', '2021-01-01T00:00:00Z'],
    [window('month', { count: 2 }), '2023-12-31T23:59:59Z', '2023-11-01T00:00:00Z', '2024-01-01T00:00:00Z'],
    // The specification's example: from noon on Saturday, in New York.
    [
      window('week', { timeZone: 'America/New_York', anchor: '2022-01-01T12:00:00' }),
      '2026-11-26T10:00:00Z',
      '2026-11-21T17:00:00Z',
      '2026-11-28T17:00:00Z',
    ],
    // Summer time ends on 2026-10-25: the day has 25 hours, and its window too.
    [
      window('day', { timeZone: 'Europe/Berlin' }),
      '2026-10-25T00:30:00Z',
      '2026-10-24T22:00:00Z',
      '2026-10-25T23:00:00Z',
    ],
    [
      window('month', { anchor: '2024-01-31T06:00:00' }),
      '2026-03-01T00:00:00Z',
      '2026-02-28T06:00:00Z',
      '2026-03-31T06:00:00Z',
    ],
    // Half past two is skipped on 2026-03-29 and comes twice on 2026-10-25.
    [
      window('day', { timeZone: 'Europe/Berlin', anchor: '2024-01-01T02:30:00' }),
      '2026-03-29T01:00:00Z',
      '2026-03-29T01:00:00Z',
      '2026-03-30T00:30:00Z',
    ],
    [
      window('day', { timeZone: 'Europe/Berlin', anchor: '2024-01-01T02:30:00' }),
      '2026-10-25T01:15:00Z',
      '2026-10-25T00:30:00Z',
      '2026-10-26T01:30:00Z',
    ],
  ])('%# begins and ends where the calendar says', (calendar, at, from, to) => {
    expect(boundsOf(calendar, at)).toEqual([from, to]);
  });

  test('holds its instant, follows the one before, and is not longer than the longest', () => {
    const calendars = fc.record({
      unit: fc.constantFrom<CalendarUnit>('day', 'week', 'month', 'quarter', 'year'),
      count: fc.integer({ min: 1, max: 4 }),
      timeZone: fc.constantFrom(
        'UTC',
        'America/New_York',
        'Europe/Berlin',
        'Australia/Lord_Howe',
        'Asia/Kolkata',
      ),
      anchor: fc.constantFrom(NATURAL_ANCHOR, '2022-01-01T12:00:00', '2020-02-29T02:30:00'),
    });
    const instants = fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2040, 0) });
    fc.assert(
      fc.property(calendars, instants, (given, instant) => {
        const calendar: CalendarWindow = { kind: 'calendar', ...given };
        const { from, to } = calendarWindow(calendar, milliseconds(instant));
        expect(from).toBeLessThanOrEqual(instant);
        expect(to).toBeGreaterThan(instant);
        expect(calendarWindow(calendar, milliseconds(from - 1)).to).toBe(from);
        expect(calendarWindow(calendar, to).from).toBe(to);
        expect(to - from).toBeLessThanOrEqual(windowLength(calendar));
      }),
      { numRuns: 300 },
    );
  });
});
