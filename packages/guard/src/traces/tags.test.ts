import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnyValue, Attribute } from '../otlp/index.ts';
import { ofService, span } from './fixtures.ts';
import { parseContext, parseSpan, toBatch } from './rows.ts';
import { createTagSieve, matchesTags, plainValue, valueText } from './tags.ts';

const { value } = fc.letrec<{ value: AnyValue }>(tie => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.record({ type: fc.constant('string' as const), value: fc.string({ unit: 'grapheme', maxLength: 5 }) }),
    fc.record({ type: fc.constant('bool' as const), value: fc.boolean() }),
    fc.record({
      type: fc.constant('int' as const),
      value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    }),
    fc.record({ type: fc.constant('double' as const), value: fc.double() }),
    fc.record({ type: fc.constant('bytes' as const), value: fc.uint8Array({ maxLength: 4 }) }),
    fc.record({ type: fc.constant('array' as const), value: fc.array(tie('value'), { maxLength: 2 }) }),
  ),
}));
const attributes: fc.Arbitrary<Attribute[]> = fc.array(
  fc.record({ key: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 }), value }),
  { minLength: 1, maxLength: 4 },
);

describe('tags', () => {
  it('are found by their text again after storing, past the sieve, whatever their values', () => {
    fc.assert(
      fc.property(attributes, attributes, fc.nat(), (ofSpan, ofResource, pick) => {
        const batch = toBatch([ofService('a', [span({ trace: 0, id: 0, attributes: ofSpan })], ofResource)]);
        const all = [...ofSpan, ...ofResource];
        const tag = all[pick % all.length]!;
        const wanted = { [tag.key]: valueText(tag.value) };
        const contextJson = batch.contexts[0]!.content;
        const spanJson = String(batch.cells.at(-1));
        const { scope, resource } = parseContext(contextJson);
        expect(matchesTags(wanted, parseSpan(spanJson), scope, resource)).toBe(true);
        expect(createTagSieve(wanted)(contextJson)(spanJson)).toBe(true);
      }),
      { numRuns: 1000, seed: 4 },
    );
  });

  it('are passed over without parsing where neither span nor resource can have them', () => {
    const sieve = createTagSieve({ place: 'here', code: '500' })(
      '{"key":"place","value":{"stringValue":"here"}}',
    );
    expect(sieve('{"key":"code","value":{"intValue":"500"}}')).toBe(true);
    expect(sieve('{"key":"code","value":{"intValue":"200"}}')).toBe(false);
  });

  it('show structured values as plain JSON', () => {
    const nested: AnyValue = {
      type: 'map',
      value: [
        { key: 'n', value: { type: 'int', value: 3n } },
        { key: 'large', value: { type: 'int', value: 2n ** 60n } },
        { key: 'list', value: { type: 'array', value: [{ type: 'bool', value: true }, { type: 'empty' }] } },
      ],
    };
    expect(plainValue(nested)).toEqual({ n: 3, large: '1152921504606846976', list: [true, null] });
    expect(valueText(nested)).toBe('{"n":3,"large":"1152921504606846976","list":[true,null]}');
  });
});
