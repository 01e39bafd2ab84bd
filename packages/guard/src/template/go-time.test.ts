import { describe, expect, it } from 'vitest';
import { createDuration, createTime, expandTemplate, toInt64 } from './index.ts';

const at = (text: string, zone?: string) => createTime(BigInt(Date.parse(text)) * 1_000_000n, zone);
const show = (template: string, data: unknown) => expandTemplate(template, { data, functions: new Map() });

describe('a time', () => {
  it.each([
    ['2006-01-02T15:04:05Z07:00', '2026-03-29T04:05:06+02:00'],
    ['Mon Jan _2 15:04', 'Sun Mar 29 04:05'],
    ['15:04 -0700', '04:05 +0200'],
  ])('is shown as %s in its zone', (layout, text) => {
    const time = at('2026-03-29T02:05:06Z', 'Europe/Berlin');
    expect(show(`{{ .Format "${layout}" }}`, time)).toBe(text);
  });

  it('keeps to the wall clock of its zone when a date is added to it', () => {
    const time = at('2026-03-28T01:30:00Z', 'Europe/Berlin');
    expect(
      show('{{ (.AddDate 0 0 1).Format "2006-01-02 15:04 -0700" }}|{{ (.AddDate 0 0 1).UTC.Hour }}', time),
    ).toBe('2026-03-29 03:30 +0200|1');
  });

  it('knows the abbreviations that English speakers use', () => {
    expect(at('2026-07-01T12:00:00Z', 'America/New_York').goString()).toBe('2026-07-01 08:00:00 -0400 EDT');
  });

  it('is refused for a zone that does not exist', () => {
    expect(() => at('2026-07-01T12:00:00Z', 'Nowhere/Else')).toThrow(RangeError);
  });
});

describe('a duration', () => {
  it.each([
    [0n, '0s'],
    [1500n, '1.5µs'],
    [12_000_000n, '12ms'],
    [3_661_500_000_000n, '1h1m1.5s'],
    [-90_000_000_000n, '-1m30s'],
  ])('of %d ns is %s', (nanoseconds, text) => {
    expect(createDuration(nanoseconds).goString()).toBe(text);
  });

  it('overflows as on amd64', () => {
    expect(toInt64(1e30)).toBe(-(2n ** 63n));
    expect(toInt64(-1.9)).toBe(-1n);
  });
});
