import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SampleBuffer, writeStaleAt } from '../promql/storage.ts';
import { decodeChunk, encodeChunk } from './chunk-codec.ts';

const bits = (column: Float64Array) => [...new BigUint64Array(column.slice().buffer)];

function roundTrip(timestamps: Float64Array, values: Float64Array) {
  const payload = encodeChunk(timestamps, values, timestamps.length).slice();
  // Read from the middle of something, into the middle of something.
  const bytes = new Uint8Array(payload.length + 7);
  bytes.set(payload, 5);
  const target = new SampleBuffer().reserve(timestamps.length + 3);
  decodeChunk(bytes, 5, timestamps.length, target, 2);
  expect(bits(target.timestamps.slice(2, -1))).toEqual(bits(timestamps));
  expect(bits(target.values.slice(2, -1))).toEqual(bits(values));
  return payload.length;
}

const column = (numbers: readonly number[]) => Float64Array.from(numbers);
const steady = (count: number) =>
  column(Array.from({ length: count }, (_, i) => 1_767_225_600_000 + i * 5000));

describe('a sealed chunk', () => {
  it('gives back every timestamp and every bit of every value', () => {
    const anyBits = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
    const special = fc.constantFrom(
      0x7ff0000000000002n,
      0x7ff8000000000001n,
      0x8000000000000000n,
      0n,
      0x7ff0000000000000n,
    );
    const value = fc.oneof(
      anyBits,
      special,
      fc.maxSafeInteger().map(n => bitsOf(n)),
      fc.nat(200).map(n => bitsOf(n)),
    );
    const gap = fc.oneof(
      fc.constant(5000),
      fc.integer({ min: 1, max: 20_000 }),
      fc.integer({ min: 1, max: 2 ** 40 }),
    );
    fc.assert(
      fc.property(
        fc.integer({ min: -(2 ** 49), max: 2 ** 49 }),
        fc.array(fc.tuple(gap, value), { minLength: 1, maxLength: 300 }),
        (first, samples) => {
          let time = first;
          const timestamps = column(samples.map(([step]) => (time += step)));
          roundTrip(
            timestamps,
            new Float64Array(BigUint64Array.from(samples.map(([, word]) => word)).buffer),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  it('gives back integers of every size, with runs of equal ones', () => {
    const integer = fc.oneof(
      fc.integer({ min: -(2 ** 51), max: 2 ** 51 }),
      fc.maxSafeInteger(),
      fc.constantFrom(0, 7),
    );
    fc.assert(
      fc.property(fc.array(integer, { minLength: 1, maxLength: 300 }), numbers => {
        roundTrip(steady(numbers.length), column(numbers));
      }),
    );
  });

  it('takes the extremes of what is allowed in', () => {
    roundTrip(column([-(2 ** 50), 2 ** 50, 2 ** 50 + 1]), column([-(2 ** 51), 2 ** 51, -(2 ** 51)]));
    roundTrip(column([0]), column([-0]));
    const stale = column([1, 0, 1]);
    writeStaleAt(stale, 1);
    roundTrip(steady(3), stale);
  });

  it('costs a byte a sample for a counter that grows slowly, and nothing for one that stands still', () => {
    const growing = Array.from({ length: 240 }, (_, i) => i * 17);
    expect(roundTrip(steady(240), column(growing))).toBeLessThan(240 + 16);
    expect(roundTrip(steady(240), column(growing.map(() => 12_345)))).toBeLessThan(24);
    expect(roundTrip(steady(240), column(growing.map(() => 0.1)))).toBeLessThan(32);
  });
});

function bitsOf(value: number): bigint {
  return new BigUint64Array(new Float64Array([value]).buffer)[0]!;
}
