import { describe, expect, it } from 'vitest';
import { zoneTimeOf } from './time-zone.ts';
import { readZoneFile } from './zone-file.ts';

const TYPES = [
  { offset: 561, isDaylight: false, name: 'PMT' },
  { offset: 0, isDaylight: false, name: 'WET' },
  { offset: 3600, isDaylight: true, name: 'WEST' },
];
/** A TZif file of version 2 whose first block is empty: times with what holds from then on, and the rule after them. */
function zoneFile(times: readonly (readonly [at: number, type: number])[], footer: string): Buffer {
  const header = (counts: readonly number[]) => {
    const bytes = Buffer.alloc(44);
    bytes.write('TZif2', 'latin1');
    for (const [i, count] of counts.entries()) bytes.writeUInt32BE(count, 20 + i * 4);
    return bytes;
  };
  const names = TYPES.map(({ name }) => `${name}\0`).join('');
  const instants = Buffer.alloc(times.length * 8);
  for (const [i, [at]] of times.entries()) instants.writeBigInt64BE(BigInt(at), i * 8);
  const types = Buffer.alloc(TYPES.length * 6);
  for (const [i, { offset, isDaylight, name }] of TYPES.entries()) {
    types.writeInt32BE(offset, i * 6);
    types.writeUInt8(isDaylight ? 1 : 0, i * 6 + 4);
    types.writeUInt8(names.indexOf(`${name}\0`), i * 6 + 5);
  }
  return Buffer.concat([
    header([0, 0, 0, 0, 1, 1]),
    Buffer.from([0, 0, 0, 0, 0, 0, 0]),
    header([0, 0, 0, times.length, TYPES.length, names.length]),
    instants,
    Buffer.from(times.map(([, type]) => type)),
    types,
    Buffer.from(`${names}\n${footer}\n`, 'latin1'),
  ]);
}

const seconds = (text: string) => Date.parse(text) / 1000;
const TIMES = [
  [seconds('1911-03-10T23:50:39Z'), 1],
  [seconds('1976-03-28T00:00:00Z'), 2],
  [seconds('1976-09-26T00:00:00Z'), 1],
] as const;

describe('a file of the tz database', () => {
  const file = readZoneFile(zoneFile(TIMES, 'CET-1CEST,M3.5.0,M10.5.0/3'));
  it.each([
    ['1900-01-01T00:00:00Z', 561, 'PMT'],
    ['1911-03-10T23:50:38Z', 561, 'PMT'],
    ['1911-03-10T23:50:39Z', 0, 'WET'],
    ['1976-07-01T00:00:00Z', 3600, 'WEST'],
    ['1976-07-01T00:00:00Z', 7200, 'WEST'],
    ['2026-01-01T00:00:00Z', 3600, 'CET'],
    ['2026-07-01T00:00:00Z', 7200, 'CEST'],
    ['2026-07-01T00:00:00Z', 0, undefined],
  ])('says what a zone was called at %s', (at, offset, name) => {
    expect(file.at(seconds(at), offset)?.abbreviation).toBe(name);
  });

  it.each([
    ['<-03>3', -10_800, '-03'],
    ['<+1245>-12:45<+1345>,M9.5.0/2:45,M4.1.0/3:45', 49_500, '+1345'],
    ['IST-1GMT0,M10.5.0,M3.5.0/1', 0, 'GMT'],
    ['<-02>2<-01>,M3.5.0/-1,M10.5.0/0', -3600, '-01'],
    ['NST3:30NDT,M3.2.0,M11.1.0', -9000, 'NDT'],
  ])('ends with the rule %s', (footer, offset, name) => {
    expect(
      readZoneFile(zoneFile(TIMES, footer)).at(seconds('2026-01-01T00:00:00Z'), offset)?.abbreviation,
    ).toBe(name);
  });

  it('holds on to its last time where it ends with no rule', () => {
    expect(readZoneFile(zoneFile(TIMES, '')).at(seconds('2026-01-01T00:00:00Z'), 0)?.abbreviation).toBe(
      'WET',
    );
  });

  it('is refused when it is none', () => {
    for (const bytes of ['', 'TZif', 'TZif2 and nothing else', 'text of some kind'])
      expect(() => readZoneFile(Buffer.from(bytes))).toThrow();
  });
});

describe('the time in a zone', () => {
  const at = Date.UTC(2026, 6, 1);
  it('has the name of the tz database, and by ICU or by its offset where there is none', () => {
    const file = readZoneFile(zoneFile(TIMES, 'CET-1CEST,M3.5.0,M10.5.0/3'));
    expect(zoneTimeOf('Europe/Berlin', at, () => file)).toEqual({
      offsetSeconds: 7200,
      abbreviation: 'CEST',
    });
    expect(zoneTimeOf('Europe/Berlin', at, () => undefined).abbreviation).toBe('+02');
    expect(zoneTimeOf('America/New_York', at, () => undefined).abbreviation).toBe('EDT');
  });
});
