import { describe, expect, it } from 'vitest';
import { readYaml } from './index.ts';

const TEXT = 'a: 1.50\nb: "2"\nc: true\nd: ~\ne: &x 0x1F\nf: [2020-01-01, *x]\n5: no\n';

describe('YAML', () => {
  it('gives values', () => {
    const [source] = readYaml('f.yml', TEXT);
    expect(source?.value).toEqual({
      a: 1.5,
      b: '2',
      c: true,
      d: null,
      e: 31,
      f: ['2020-01-01', 31],
      5: 'no',
    });
  });

  it('gives what is written where texts are asked for, and null for nothing', () => {
    const [source] = readYaml('f.yml', TEXT, { scalars: 'texts' });
    expect(source?.value).toEqual({
      a: '1.50',
      b: '2',
      c: 'true',
      d: null,
      e: '0x1F',
      f: ['2020-01-01', '0x1F'],
      5: 'no',
    });
    expect(source?.isPlainAt(['a'])).toBe(true);
    expect(source?.isPlainAt(['b'])).toBe(false);
    expect(source?.positionOf(['5'])).toEqual({ file: 'f.yml', line: 7, column: 4 });
  });
});
