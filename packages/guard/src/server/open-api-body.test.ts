import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readBody, stringMap, timeField } from './open-api-body.ts';

describe('a body', () => {
  it('has each its own time, said once or again, and no time is remembered for what is none', () => {
    const times = z.array(timeField);
    const [first, second] = ['2026-11-26T12:00:00Z', '2026-11-26T12:00:01Z'];
    const [a, b] = [first, second].map(text => Date.parse(text!));
    expect(readBody('times', times, [first, first, second, second, first])).toEqual([a, a, b, b, a]);
    expect(() => readBody('times', times, [first, 'noon'])).toThrow('parsing time "noon": no date and time');
    expect(() => readBody('times', times, ['noon', 'noon'])).toThrow('parsing time "noon"');
    expect(readBody('times', times, [second])).toEqual([b]);
  });

  it('has texts as they are, and with U+FFFD for half a character in a name or a value', () => {
    expect(readBody('labels', stringMap, { a: 'ä🙂' })).toEqual({ a: 'ä🙂' });
    expect(readBody('labels', stringMap, { 'a\ud83d': '1' })).toEqual({ 'a\ufffd': '1' });
    expect(readBody('labels', stringMap, { a: '1', b: 'x\udc00' })).toEqual({ a: '1', b: 'x\ufffd' });
    const named = JSON.parse('{"__proto__": "x"}');
    expect(Object.entries(readBody('labels', stringMap, named))).toEqual([['__proto__', 'x']]);
  });
});
