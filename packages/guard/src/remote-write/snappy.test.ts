import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../core/index.ts';
import { SNAPPY_CORRUPT, SNAPPY_TOO_LARGE, snappyDecode } from './snappy.ts';
import { snappyCompress } from './testing.ts';

const LIMIT = 1 << 20;
const decode = (...bytes: number[]) => snappyDecode(Uint8Array.from(bytes), LIMIT).toString('latin1');

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.code;
  }
}
const refusal = (...bytes: number[]) => codeOf(() => decode(...bytes));

const letters = (text: string) => [...Buffer.from(text)];

/** Bytes that repeat themselves, so that a compressor finds something. */
const repetitive = fc
  .array(fc.tuple(fc.uint8Array({ maxLength: 40 }), fc.integer({ min: 1, max: 400 })), { maxLength: 12 })
  .map(parts => Buffer.concat(parts.flatMap(([bytes, times]) => Array<Uint8Array>(times).fill(bytes))));

describe('snappy blocks', () => {
  it('reads literals with lengths of every size', () => {
    expect(decode(0)).toBe('');
    expect(decode(3, 2 << 2, ...letters('abc'))).toBe('abc');
    const long = 'x'.repeat(100);
    expect(decode(100, 60 << 2, 99, ...letters(long))).toBe(long);
    expect(decode(100, 61 << 2, 99, 0, ...letters(long))).toBe(long);
    expect(decode(100, 62 << 2, 99, 0, 0, ...letters(long))).toBe(long);
    expect(decode(100, 63 << 2, 99, 0, 0, 0, ...letters(long))).toBe(long);
  });

  it('reads copies with offsets of one, two and four bytes', () => {
    const literal = [3 << 2, ...letters('abcd')];
    expect(decode(8, ...literal, 1, 4)).toBe('abcdabcd');
    expect(decode(7, ...literal, 2 | (2 << 2), 4, 0)).toBe('abcdabc');
    expect(decode(7, ...literal, 3 | (2 << 2), 4, 0, 0, 0)).toBe('abcdabc');
  });

  it('repeats what a copy has just written where the offset is shorter than the length', () => {
    expect(decode(65, 0, ...letters('a'), 2 | (63 << 2), 1, 0)).toBe('a'.repeat(65));
    expect(decode(66, 1 << 2, ...letters('ab'), 2 | (63 << 2), 2, 0)).toBe('ab'.repeat(33));
  });

  it.each([
    ['no length', []],
    ['a length without end', [0x80, 0x80, 0x80, 0x80, 0x80, 0x01]],
    ['a length of more than 32 bits', [0xff, 0xff, 0xff, 0xff, 0x7f]],
    ['less than was declared', [5, 2 << 2, ...letters('abc')]],
    ['more than was declared', [2, 2 << 2, ...letters('abc')]],
    ['a truncated literal', [3, 2 << 2, ...letters('ab')]],
    ['a truncated length of a literal', [100, 61 << 2, 99]],
    ['a copy from before the beginning', [8, 3 << 2, ...letters('abcd'), 1, 5]],
    ['a copy with no offset', [8, 3 << 2, ...letters('abcd'), 1, 0]],
    ['a truncated copy', [8, 3 << 2, ...letters('abcd'), 1]],
    ['a truncated copy of two bytes', [7, 3 << 2, ...letters('abcd'), 2 | (2 << 2), 4]],
    ['a truncated copy of four bytes', [7, 3 << 2, ...letters('abcd'), 3 | (2 << 2), 4, 0, 0]],
    ['a literal of four gigabytes', [8, 63 << 2, 0xff, 0xff, 0xff, 0xff, 1]],
  ])('refuses %s', (_what, bytes) => {
    expect(refusal(...bytes)).toBe(SNAPPY_CORRUPT);
  });

  it('refuses a declared length beyond the limit, and one that the input cannot give, before it allocates', () => {
    expect(codeOf(() => snappyDecode(Uint8Array.from([11, 0]), 10))).toBe(SNAPPY_TOO_LARGE);
    expect(codeOf(() => snappyDecode(Uint8Array.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0]), LIMIT))).toBe(
      SNAPPY_TOO_LARGE,
    );
    expect(codeOf(() => snappyDecode(Uint8Array.from([0xff, 0xff, 0x3f, 0]), LIMIT))).toBe(SNAPPY_CORRUPT);
  });

  it('gives back what was compressed', () => {
    fc.assert(
      fc.property(fc.oneof(repetitive, fc.uint8Array({ maxLength: 3000 })), bytes => {
        expect(snappyDecode(snappyCompress(bytes), LIMIT).equals(bytes)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('never gives or allocates more than the limit, whatever the bytes', () => {
    const damaged = fc
      .tuple(repetitive, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), fc.nat())
      .map(([bytes, changes, cut]) => {
        const compressed = snappyCompress(bytes);
        for (const [at, value] of changes) compressed[at % compressed.length] = value;
        return compressed.subarray(0, compressed.length - (cut % 3));
      });
    fc.assert(
      fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 200 })), bytes => {
        const code = codeOf(() => expect(snappyDecode(bytes, LIMIT).length).toBeLessThanOrEqual(LIMIT));
        expect([undefined, SNAPPY_CORRUPT, SNAPPY_TOO_LARGE]).toContain(code);
      }),
      { numRuns: 1000 },
    );
  });
});
