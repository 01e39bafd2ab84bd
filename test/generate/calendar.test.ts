import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exampleSlo } from '../../packages/guard/src/generate/example-slo.testing.ts';
import { generateRules } from '../../packages/guard/src/generate/index.ts';
import {
  type CalendarUnit,
  type CalendarWindow,
  calendarWindow,
  NATURAL_ANCHOR,
} from '../../packages/guard/src/slo/index.ts';
import { createBench } from './bench.ts';
import { runTraffic } from './traffic.ts';

const HOUR = 3600;

const calendar = (changes: Partial<CalendarWindow>): CalendarWindow => ({
  kind: 'calendar',
  unit: 'month',
  count: 1,
  timeZone: 'UTC',
  anchor: NATURAL_ANCHOR,
  ...changes,
});

const bench = (changes: Partial<CalendarWindow>) => {
  const settings = { interval: 60_000, periodInterval: 60_000 };
  return createBench(generateRules({ slos: [exampleSlo({ window: calendar(changes) })] }, settings));
};

const UNITS: readonly CalendarUnit[] = ['day', 'week', 'month', 'quarter', 'year'];
const ZONES = [
  'UTC',
  'Europe/Paris',
  'America/New_York',
  'America/Havana',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Africa/Casablanca',
  'Asia/Beirut',
];
const ODD: readonly Partial<CalendarWindow>[] = [
  { unit: 'week', count: 2, anchor: '2026-01-08T06:00:00', timeZone: 'Europe/Paris' },
  { unit: 'month', count: 2, anchor: '2026-02-14T12:00:00', timeZone: 'America/New_York' },
  { unit: 'quarter', anchor: '2026-02-01T00:00:00', timeZone: 'Asia/Kolkata' },
  { unit: 'year', count: 3, anchor: '2019-07-01T00:00:00' },
  { unit: 'month', anchor: '2026-01-31T00:00:00', timeZone: 'Europe/Paris' },
  // On the days on which clocks go on, this time does not come.
  { unit: 'day', anchor: '2026-01-01T02:30:00', timeZone: 'America/New_York' },
];

async function checkStarts(changes: Partial<CalendarWindow>): Promise<void> {
  const b = bench(changes);
  const [from, to] = [Date.UTC(2025, 1), Date.UTC(2040, 0)].map(time => time / 60_000) as [number, number];
  const instants = fc.sample(fc.integer({ min: from, max: to }), { numRuns: 15, seed: 6 });
  // Around the days on which clocks change, too.
  const near = [2026, 2029].flatMap(year =>
    [2, 8, 9, 10].flatMap(month => [1, 8, 28].map(day => Date.UTC(year, month, day, 4, 30) / 60_000)),
  );
  for (const minute of [...new Set([...instants, ...near])].sort((a, b) => a - b)) {
    await b.evaluate(minute * 60);
    const start = b.value('slo:window_start:seconds', minute * 60);
    const told = `${JSON.stringify(changes)} at ${new Date(minute * 60_000).toISOString()}`;
    expect([told, start]).toEqual([told, calendarWindow(calendar(changes), minute * 60_000).from / 1000]);
  }
}

describe('the start of a calendar window', () => {
  it.each(ZONES)('in %s is where it begins on the clocks there, at any instant', async timeZone => {
    for (const unit of UNITS) await checkStarts({ unit, timeZone });
  });

  it.each(ODD)('of $count $unit from $anchor is one of the starts that follow from there', checkStarts);
});

describe('the budget of a calendar window', () => {
  it('begins whole with the window, and counts nothing from before', async () => {
    const b = bench({ timeZone: 'America/New_York' });
    const midnight = Date.UTC(2026, 2, 1, 5) / 1000;
    const remaining = () => 'slo:error_budget_remaining:ratio';
    const seen: [number, number | undefined][] = [];
    await runTraffic(b, {
      start: midnight - 2 * HOUR,
      step: 60,
      phases: [
        { seconds: 1.5 * HOUR, good: 0, bad: 1 },
        { seconds: 1.5 * HOUR, good: 1, bad: 0 },
        { seconds: 0.5 * HOUR, good: 0, bad: 1 },
      ],
      at: time => seen.push([time - midnight, b.value(remaining(), time)]),
    });
    expect(seen.find(([time]) => time === -60)![1]).toBeLessThan(-50);
    expect(seen.find(([time]) => time === HOUR)![1]).toBe(1);
    // A third of the window's events failed: half an hour of an hour and a half, less what the rates still hold back.
    expect(seen.at(-1)![1]).toBeCloseTo(1 - 1 / 3 / 0.01, -1);
    expect(b.value('slo:error_budget_coverage:seconds', midnight + 1.5 * HOUR)).toBe(1.5 * HOUR + 60);
  });
});
