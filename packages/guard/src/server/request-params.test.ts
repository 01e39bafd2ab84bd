import { describe, expect, it } from 'vitest';
import { readQueryString } from './go-query-string.ts';
import {
  createParams,
  durationParam,
  limitParam,
  MAX_TIME,
  MIN_TIME,
  optionalTimeParam,
  requireReadable,
  timeoutParam,
  timeParam,
} from './request-params.ts';

const given = (name: string, text: string) => createParams(`${name}=${encodeURIComponent(text)}`);

/** What Prometheus 3.16 makes of them was seen by asking it. */
describe('an instant', () => {
  it.each([
    ['1700000000.5', 1_700_000_000_500],
    ['1_000', 1_000_000],
    ['0x10p0', 16_000],
    ['.5', 500],
    ['1.', 1000],
    ['+5', 5000],
    ['-1.5', -1500],
    ['1.0005', 1000],
    ['0.0015', 2],
    ['0.29', 290],
    ['1795649895.4849', 1_795_649_895_485],
    ['1e-400', 0],
    ['2023-11-14T22:13:20Z', 1_700_000_000_000],
    ['2023-11-14T22:13:20.9999Z', 1_700_000_000_999],
    ['2023-11-14T22:13:20,5Z', 1_700_000_000_500],
    ['2023-11-14T22:13:20+01:00', 1_699_996_400_000],
    ['2023-11-14T22:13:20+24:00', 1_699_913_600_000],
    ['2023-11-14T2:13:20Z', 1_699_928_000_000],
    ['0000-01-01T00:00:00Z', -62_167_219_200_000],
    ['1e300', MAX_TIME],
    ['-292273086-05-16T16:47:06Z', MIN_TIME],
    ['292277025-08-18T07:12:54.999999999Z', MAX_TIME],
  ])('%s is %d ms', (text, at) => expect(timeParam(given('t', text), 't')).toBe(at));

  it.each([
    'abc',
    '1e400',
    '0x10',
    '1__0',
    '_1',
    '1_',
    ' 5',
    'NaN',
    'Inf',
    '2023-11-14t22:13:20z',
    '2023-11-14 22:13:20Z',
    '2023-11-14T22:13:20',
    '2023-02-30T22:13:20Z',
    '2023-13-01T00:00:00Z',
    '2023-11-14T24:00:00Z',
    '2023-11-14T22:13:60Z',
    '2023-11-14T22:13:20.Z',
  ])('%s is none', text =>
    expect(() => timeParam(given('t', text), 't')).toThrow(
      `invalid parameter "t": cannot parse "${text}" to a valid timestamp`,
    ),
  );

  it('may be left out where it says so', () => {
    expect(optionalTimeParam(createParams(''), 'time', 7)).toBe(7);
    expect(() => optionalTimeParam(given('time', 'x'), 'time', 7)).toThrow(
      `invalid parameter "time": invalid time value for 'time': cannot parse "x" to a valid timestamp`,
    );
  });
});

describe('a duration', () => {
  it.each([
    ['15', 15_000],
    ['1h30m', 5_400_000],
    ['0.0001', 0.1],
    ['-1', -1000],
    ['292y', 9_208_512_000_000],
  ])('%s is %d ms', (text, duration) => expect(durationParam(given('d', text), 'd')).toBe(duration));

  it.each([
    ['x', 'cannot parse "x" to a valid duration'],
    ['-5m', 'cannot parse "-5m" to a valid duration'],
    ['1s1m', 'cannot parse "1s1m" to a valid duration'],
    ['293y', 'cannot parse "293y" to a valid duration'],
    ['1e400', 'cannot parse "1e400" to a valid duration'],
    ['NaN', 'cannot parse "NaN" to a valid duration. It overflows int64'],
    ['1e10', 'cannot parse "1e10" to a valid duration. It overflows int64'],
  ])('%s is refused: %s', (text, message) =>
    expect(() => durationParam(given('d', text), 'd')).toThrow(`invalid parameter "d": ${message}`),
  );

  it.each([
    ['0', '0s'],
    ['-1', '-1s'],
    ['-90', '-1m30s'],
    ['-3600.5', '-1h0m0.5s'],
    ['-0.0015', '-1.5ms'],
    ['-0.0000015', '-1.5µs'],
    ['-0.000000001', '-1ns'],
    ['1e-10', '0s'],
  ])('%s is no timeout', (text, shown) =>
    expect(() => timeoutParam(given('timeout', text))).toThrow(
      `invalid parameter "timeout": timeout must be positive, got ${shown}`,
    ),
  );
});

describe('a limit', () => {
  it.each([
    ['5', 5],
    ['+5', 5],
    ['0', 0],
    ['9223372036854775807', 2 ** 63],
  ])('%s is %d', (text, limit) => expect(limitParam(given('limit', text))).toBe(limit));

  it.each([
    ['-1', 'limit must be non-negative'],
    ['1.5', 'strconv.Atoi: parsing "1.5": invalid syntax'],
    ['1_0', 'strconv.Atoi: parsing "1_0": invalid syntax'],
    ['9223372036854775808', 'strconv.Atoi: parsing "9223372036854775808": value out of range'],
  ])('%s is refused: %s', (text, message) =>
    expect(() => limitParam(given('limit', text))).toThrow(`invalid parameter "limit": ${message}`),
  );
});

describe('parameters', () => {
  it('are those of the body before those of the URL', () => {
    const params = createParams('a=url&b=only', readQueryString('a=body&a=second'));
    expect([params.value('a'), params.values('a'), params.urlValue('a'), params.value('b')]).toEqual([
      'body',
      ['body', 'second', 'url'],
      'url',
      'only',
    ]);
  });

  it.each([
    ['a=%C3%A9+%2B', 'é +', undefined],
    ['a', '', undefined],
    ['&&a=1', '1', undefined],
    ['a=%zz', '', 'invalid URL escape "%zz"'],
    ['a=%4', '', 'invalid URL escape "%4"'],
    ['a=1&b=%', '1', 'invalid URL escape "%"'],
    ['a=1;b=2', '', 'invalid semicolon separator in query'],
    ['x;y&a=1', '1', 'invalid semicolon separator in query'],
    ['a=%ff!', '\ufffd!', undefined],
  ])('of %s: a is %j, the error %j', (query, value, error) => {
    const params = createParams(query);
    expect([params.value('a'), params.error]).toEqual([value, error]);
  });

  it('are refused as a whole where Prometheus does so', () =>
    expect(() => requireReadable(createParams('a=%zz'))).toThrow(
      'error parsing form values: invalid URL escape "%zz"',
    ));
});
