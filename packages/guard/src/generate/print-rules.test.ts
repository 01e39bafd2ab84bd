import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { printGroups } from './print-rules.ts';

const awkward = fc.constantFrom(
  'yes',
  'null',
  '1e3',
  '12:30',
  '5m',
  '0x10',
  '',
  ' a',
  'a ',
  'a: b',
  'a #b',
  '- a',
  '{{ $value }}',
  '"',
  "it's",
  'a\nb',
  'a\n b\n',
  '\ta',
  'a\r\nb',
  '\u0085',
  '\u2028',
  '\ufeff',
  '|-',
  '&a',
  '*a',
  '!x',
  '%',
  '@',
  '`',
  'a:',
  '.inf',
  '~',
);
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string(),
  awkward,
  fc.tuple(awkward, awkward).map(parts => parts.join('\n')),
);
const map = fc.dictionary(
  fc.string({ minLength: 1 }).filter(name => name !== '__proto__'),
  text,
  { minKeys: 1, maxKeys: 3 },
);

describe('printed rule groups', () => {
  test('are read as what was printed', () => {
    const rule = fc.oneof(
      fc.record({ record: text, expr: text, labels: map }),
      fc.record({
        alert: text,
        expr: text,
        for: fc.constantFrom('5m', '1h30m'),
        labels: map,
        annotations: map,
      }),
    );
    const group = fc.record({
      name: text,
      interval: fc.constantFrom('5s', '1m'),
      rules: fc.array(rule, { minLength: 1, maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.array(group, { maxLength: 3 }), groups => {
        expect(parse(printGroups(groups))).toEqual({ groups });
      }),
      { numRuns: 300, seed: 6 },
    );
  });

  test('may stand within another document', () => {
    const groups = [{ name: 'a', interval: '5s', rules: [{ record: 'b', expr: 'c\nor\nd' }] }];
    expect(parse(`spec:\n${printGroups(groups, '  ')}`)).toEqual({ spec: { groups } });
  });
});
