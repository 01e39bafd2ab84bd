import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteTable } from './byte-table.ts';

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The number of a byte string, which is added where it is new. */
function numberOf(table: ByteTable, bytes: Uint8Array): number {
  const found = table.find(viewOf(bytes), 0, bytes.length);
  return found >= 0 ? found : table.add(viewOf(bytes), 0, bytes.length);
}

describe('a table of byte strings', () => {
  it('numbers strings as they come and finds them again, in any order', () => {
    const strings = fc.uniqueArray(fc.uint8Array({ maxLength: 13 }), {
      selector: bytes => Buffer.from(bytes).toString('hex'),
      maxLength: 200,
    });
    fc.assert(
      fc.property(strings, fc.array(fc.nat(), { maxLength: 300 }), (list, order) => {
        const table = new ByteTable();
        expect(list.map(bytes => numberOf(table, bytes))).toEqual(list.map((_, i) => i));
        for (const pick of list.length > 0 ? order : [])
          expect(numberOf(table, list[pick % list.length]!)).toBe(pick % list.length);
        expect(table.count).toBe(list.length);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps tens of thousands apart', () => {
    const table = new ByteTable();
    const strings = Array.from({ length: 50_000 }, (_, i) => Buffer.from(`series ${i * 7919} of many`));
    for (const [i, bytes] of strings.entries()) expect(numberOf(table, bytes)).toBe(i);
    for (const [i, bytes] of strings.entries()) expect(table.find(viewOf(bytes), 0, bytes.length)).toBe(i);
    expect(table.bytes).toBeGreaterThan(1_000_000);
    table.clear();
    expect([table.count, table.bytes, table.find(viewOf(strings[0]!), 0, 8)]).toEqual([0, 0, -1]);
  });

  it('refuses strings that would crowd one place, and stays quick', () => {
    const table = new ByteTable();
    // The highest bit of one word, and what it comes to after the first step: the same hash for each pair.
    const colliding = Array.from({ length: 2 ** 12 }, (_, bits) => {
      const words = new Int32Array(24);
      for (let pair = 0; pair < 12; pair++) {
        const flip = (bits >> pair) & 1;
        words[pair * 2] = flip === 1 ? 0x80000000 : 0;
        words[pair * 2 + 1] = flip === 1 ? 0x80010000 : 0;
      }
      return new Uint8Array(words.buffer);
    });
    const numbers = colliding.map(bytes => numberOf(table, bytes));
    expect(numbers.filter(number => number >= 0).length).toBeLessThanOrEqual(64);
    expect(numbers.at(-1)).toBe(-1);
  });
});
