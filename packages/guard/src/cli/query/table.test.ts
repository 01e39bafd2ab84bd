import { describe, expect, it } from 'vitest';
import { Labels } from '../../core/index.ts';
import { decodeQueryData, type QueryData } from '../prometheus/query-result.ts';
import { createWallClock } from '../wall-clock.ts';
import { csvOf } from './csv.ts';
import { labelSetTable, tableOf } from './table.ts';

const vector = (...samples: [labels: Record<string, string>, value: string][]): QueryData =>
  decodeQueryData({
    resultType: 'vector',
    result: samples.map(([metric, value]) => ({ metric, value: [1_782_900_000, value] })),
  });

const table = (data: QueryData, width = 80) =>
  `\n${tableOf(data, { width, wallClock: createWallClock('UTC') }).join('\n')}`;

const UP = vector(
  [{ __name__: 'up', job: 'demo', instance: '10.0.0.1:8001' }, '1'],
  [{ __name__: 'up', job: 'demo', instance: '10.0.0.22:8001', zone: '漢字' }, '0.000001234'],
  [{ __name__: 'up', job: 'demo', instance: '10.0.0.3:8001' }, 'NaN'],
);

describe('a table', () => {
  it('has a column for each label, and values at the right', () => {
    expect(table(UP)).toBe(`
__name__  instance        job   zone        value
up        10.0.0.1:8001   demo                  1
up        10.0.0.22:8001  demo  漢字  0.000001234
up        10.0.0.3:8001   demo                NaN`);
  });

  it('names what all series share once, where the columns are too wide', () => {
    expect(table(UP, 40)).toBe(`
all: up{job="demo"}
instance        zone        value
10.0.0.1:8001                   1
10.0.0.22:8001  漢字  0.000001234
10.0.0.3:8001                 NaN`);
  });

  it('gives selectors after the values, where these are too wide as well', () => {
    expect(table(UP, 30)).toBe(`
all: up{job="demo"}
          1  {instance="10.0.0.1:8001"}
0.000001234  {instance="10.0.0.22:8001", zone="漢字"}
        NaN  {instance="10.0.0.3:8001"}`);
  });

  it('of series without labels is their values', () => {
    expect(table(vector([{}, '1e+100']))).toBe('\n1e+100');
  });

  it('writes what would move the cursor as escapes', () => {
    expect(table(vector([{ a: 'x\u001b[2Jy\nz\u202e' }, '1']))).toBe(`
a                     value
x\\u001b[2Jy\\nz\\u202e      1`);
  });

  it('of a range has a block for each series, with times', () => {
    const data = decodeQueryData({
      resultType: 'matrix',
      result: [
        {
          metric: { job: 'a' },
          values: [
            [1_782_900_000, '1'],
            [1_782_900_000.5, '-12.5'],
          ],
        },
      ],
    });
    expect(table(data)).toBe(`
{job="a"}
  2026-07-01 10:00:00          1
  2026-07-01 10:00:00.500  -12.5`);
  });

  it('of a scalar or a string is the value', () => {
    expect(table(decodeQueryData({ resultType: 'scalar', result: [1, '-Inf'] }))).toBe('\n-Inf');
    expect(table(decodeQueryData({ resultType: 'string', result: [1, 'hi'] }))).toBe('\nhi');
  });

  it('of series alone has no values', () => {
    expect(labelSetTable([Labels.of({ a: '1' }), Labels.of({ b: '2' })], 80)).toEqual(['a  b', '1', '   2']);
  });
});

describe('CSV', () => {
  it('has the labels, the time and the value, and quotes what needs it', () => {
    const data = vector([{ __name__: 'x', path: 'a,"b"\n' }, '1'], [{ __name__: 'x', code: '200' }, '+Inf']);
    expect(csvOf(data)).toEqual([
      '__name__,code,path,timestamp,value',
      'x,,"a,""b""\n",2026-07-01T10:00:00.000Z,1',
      'x,200,,2026-07-01T10:00:00.000Z,+Inf',
    ]);
  });
});

describe("the server's answer", () => {
  it.each([
    [null],
    [{ resultType: 'tensor', result: [] }],
    [{ resultType: 'vector', result: {} }],
    [{ resultType: 'vector', result: [{ metric: { a: 1 }, value: [1, '1'] }] }],
    [{ resultType: 'vector', result: [{ metric: {}, value: ['1', '1'] }] }],
    [{ resultType: 'vector', result: [{ metric: {}, value: [1, 'one'] }] }],
  ])('is refused when it is none: %j', data => {
    expect(() => decodeQueryData(data)).toThrow('prometheus-bad-answer');
  });

  it('may hold native histograms, which are counted', () => {
    const histogram = { count: '1', sum: '1', buckets: [] };
    const result = [
      { metric: { a: '1' }, histogram: [1, histogram] },
      { metric: { a: '2' }, value: [1, '5'] },
    ];
    expect(decodeQueryData({ resultType: 'vector', result })).toMatchObject({
      histograms: 1,
      series: [{ values: [5] }],
    });
  });
});
