import { expect, it } from 'vitest';
import { sampleText } from './query-json.ts';
import { BadParameter, durationParam, limitParam, optionalTimeParam, timeParam } from './request-params.ts';

const params = (text: string) => new URLSearchParams(text);

it.each([
  [1, '1'],
  [0.1, '0.1'],
  [1e21, '1e+21'],
  [1e-7, '1e-07'],
  [123456789, '123456789'],
  [Number.NaN, 'NaN'],
  [Number.NEGATIVE_INFINITY, '-Inf'],
])('writes %d as Prometheus does', (value, text) => expect(sampleText(value)).toBe(text));

it('reads instants as seconds or RFC 3339', () => {
  expect(timeParam(params('time=1700000000.5'), 'time')).toBe(1_700_000_000_500);
  expect(timeParam(params('time=2023-11-14T22:13:20Z'), 'time')).toBe(1_700_000_000_000);
  expect(optionalTimeParam(params(''), 'time', 7)).toBe(7);
  for (const bad of ['time=soon', 'time=1e999', 'time=2023-11-14'])
    expect(() => timeParam(params(bad), 'time')).toThrow(BadParameter);
});

it('reads durations as seconds or with units, and limits as whole numbers', () => {
  expect(durationParam(params('step=15'), 'step')).toBe(15_000);
  expect(durationParam(params('step=1h30m'), 'step')).toBe(5_400_000);
  expect(() => durationParam(params('step=x'), 'step')).toThrow(/"step"/);
  expect(limitParam(params('limit=5'))).toBe(5);
  expect(() => limitParam(params('limit=-1'))).toThrow(/"limit"/);
});
