import { describe, expect, it } from 'vitest';
import { durationOption, timeOption } from './time-option.ts';
import { createWallClock, formatTime } from './wall-clock.ts';

const now = Date.UTC(2026, 6, 1, 12);
const read = (text: string, zone = 'UTC') =>
  timeOption('--start', text, { now, wallClock: createWallClock(zone) });

describe('times of options', () => {
  it.each([
    ['now', '2026-07-01T12:00:00.000Z'],
    ['now-1h', '2026-07-01T11:00:00.000Z'],
    ['-1h30m', '2026-07-01T10:30:00.000Z'],
    ['+5m', '2026-07-01T12:05:00.000Z'],
    ['1782900000', '2026-07-01T10:00:00.000Z'],
    ['1782900000.25', '2026-07-01T10:00:00.250Z'],
    ['2026-07-01', '2026-07-01T00:00:00.000Z'],
    ['2026-07-01 10:30', '2026-07-01T10:30:00.000Z'],
    ['2026-07-01T10:30:15', '2026-07-01T10:30:15.000Z'],
    ['2026-07-01T10:30:15.019Z', '2026-07-01T10:30:15.019Z'],
    ['2026-07-01t10:30:15z', '2026-07-01T10:30:15.000Z'],
    ['2026-07-01T10:30:15+02:00', '2026-07-01T08:30:15.000Z'],
  ])('reads %s', (text, expected) => {
    expect(new Date(read(text)).toISOString()).toBe(expected);
  });

  it.each([
    '',
    'yesterday',
    '1h',
    '-',
    'now-',
    '-1x',
    '2026-13-01',
    '2026-02-30',
    '2026-07-01T24:00',
    '1e9',
    '-5',
  ])('refuses %j, naming the flag and the forms', text => {
    expect(() => read(text)).toThrow(/^--start: .* is not a time \[bad-option\]\n {2}remedy: give one of/);
  });

  it('takes a time without a zone for one of the wall clock, also next to changes of clocks', () => {
    const berlin = (text: string) => new Date(read(text, 'Europe/Berlin')).toISOString();
    expect(berlin('2026-07-01 10:00')).toBe('2026-07-01T08:00:00.000Z');
    expect(berlin('2026-12-01')).toBe('2026-11-30T23:00:00.000Z');
    expect(berlin('2026-03-29 01:59')).toBe('2026-03-29T00:59:00.000Z');
    expect(berlin('2026-03-29 03:00')).toBe('2026-03-29T01:00:00.000Z');
    expect(berlin('2026-10-25 03:00')).toBe('2026-10-25T02:00:00.000Z');
  });

  it('shows the time of the zone, with milliseconds only when there are any', () => {
    const clock = createWallClock('Asia/Kolkata');
    expect(formatTime(clock, Date.UTC(2026, 6, 1, 23, 59, 59))).toBe('2026-07-02 05:29:59');
    expect(formatTime(clock, Date.UTC(2026, 6, 1, 23, 59, 59, 7))).toBe('2026-07-02 05:29:59.007');
  });
});

describe('durations of options', () => {
  it('are Prometheus durations or seconds', () => {
    expect([
      durationOption('--step', '5m'),
      durationOption('--step', '15'),
      durationOption('--step', '0.5'),
    ]).toEqual([300_000, 15_000, 500]);
  });

  it.each(['', '0', '0s', '-5m', 'x'])('refuses %j', text => {
    expect(() => durationOption('--step', text)).toThrow('--step');
  });
});
