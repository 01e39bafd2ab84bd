import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPacked, readRunning, writePacked } from './packed-integers.ts';
import { ByteReader, ByteWriter } from './varint.ts';

function packed(numbers: readonly number[]): Uint8Array {
  const out = new ByteWriter(16);
  writePacked(Float64Array.from(numbers), numbers.length, out);
  return out.written.slice();
}

function unpacked(bytes: Uint8Array, count: number): number[] {
  const reader = new ByteReader(bytes);
  const target = new Float64Array(count + 2);
  readPacked(reader, count, target, 1);
  expect(reader.at).toBe(bytes.length);
  return [...target.subarray(1, count + 1)];
}

const LARGEST = 2 ** 52;
const number = fc.oneof(
  fc.integer({ min: 0, max: 40 }),
  fc.integer({ min: 14_990, max: 15_010 }),
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 }),
  fc.maxSafeInteger().map(n => Math.trunc(n / 2)),
  fc.constantFrom(-LARGEST, LARGEST, 0),
);

describe('packed integers', () => {
  it('come back as they were, whatever their sizes', () => {
    fc.assert(
      fc.property(fc.array(number, { maxLength: 200 }), numbers => {
        expect(unpacked(packed(numbers), numbers.length)).toEqual(numbers.map(n => n + 0));
      }),
      { numRuns: 500 },
    );
  });

  it('come back at every width', () => {
    for (let width = 0; width <= 52; width++) {
      const numbers = Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? 0 : 2 ** width - 1));
      expect(unpacked(packed(numbers), 100)).toEqual(numbers);
    }
  });

  it('give the same running sum in one pass as number by number', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -(2 ** 40), max: 2 ** 40 }), { maxLength: 200 }), numbers => {
        const bytes = packed(numbers);
        const target = new Float64Array(numbers.length);
        readRunning(new ByteReader(bytes), numbers.length, 7, target, 0);
        let total = 7;
        expect([...target]).toEqual(numbers.map(each => (total += each)));
      }),
    );
  });

  it('cost their common width, and a few bytes for one that stands out', () => {
    const increments = Array.from({ length: 960 }, (_, i) => 1000 + ((i * 7919) % 30));
    expect(packed(increments).length).toBeLessThanOrEqual((960 * 5) / 8 + 16);
    const withReset = increments.with(500, -123_456_789).with(700, 2 ** 40);
    expect(packed(withReset).length).toBeLessThanOrEqual((960 * 5) / 8 + 40);
    expect(packed(increments.map(() => 15_000)).length).toBeLessThanOrEqual(8);
  });
});
