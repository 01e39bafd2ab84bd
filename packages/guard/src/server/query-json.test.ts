import { expect, it } from 'vitest';
import { Labels } from '../core/index.ts';
import type { QueryResult } from '../promql/index.ts';
import { PIECE_LENGTH, queryResultText, sampleText } from './query-json.ts';

it.each([
  [1, '1'],
  [0.1, '0.1'],
  [1e21, '1e+21'],
  [1e-7, '1e-07'],
  [123456789, '123456789'],
  [0, '0'],
  [-0, '-0'],
  [1e-6, '0.000001'],
  [-999999999999999900000, '-999999999999999900000'],
  [Number.NaN, 'NaN'],
  [Number.NEGATIVE_INFINITY, '-Inf'],
])('writes the sample %d as Prometheus does', (value, text) => expect(sampleText(value)).toBe(text));

function piecesOf(result: QueryResult): string[] {
  const pieces: string[] = [];
  const generator = queryResultText(result);
  for (;;) {
    const { done, value } = generator.next();
    pieces.push(value);
    if (done) return pieces;
  }
}

const remarks = { warnings: [], infos: [] };

it('writes a scalar without an exponent, as Prometheus does of scalars alone', () =>
  expect(piecesOf({ type: 'scalar', timestamp: 1_500, value: 1e-7, ...remarks })).toEqual([
    '{"status":"success","data":{"resultType":"scalar","result":[1.5,"0.0000001"]}}',
  ]));

it('adds warnings and infos', () => {
  const [text] = piecesOf({ type: 'vector', samples: [], warnings: ['a "b"'], infos: ['c'] });
  expect(text).toBe(
    '{"status":"success","data":{"resultType":"vector","result":[]},"warnings":["a \\"b\\""],"infos":["c"]}',
  );
});

it('cuts a long matrix into pieces that are no longer than they need to be and make one JSON text', () => {
  const points = 50_000;
  const timestamps = Float64Array.from({ length: points }, (_, i) => i * 1000);
  const series = ['a', 'b'].map(x => ({ labels: Labels.of({ x }), timestamps, values: timestamps }));
  const pieces = piecesOf({ type: 'matrix', series, ...remarks });
  expect(pieces.length).toBeGreaterThan(4);
  for (const piece of pieces) expect(piece.length).toBeLessThan(PIECE_LENGTH + 100);
  const { data } = JSON.parse(pieces.join(''));
  expect(
    data.result.map(({ metric, values }: { metric: object; values: unknown[] }) => [metric, values.length]),
  ).toEqual([
    [{ x: 'a' }, points],
    [{ x: 'b' }, points],
  ]);
  expect(data.result[1].values.at(-1)).toEqual([49_999, '49999000']);
});
