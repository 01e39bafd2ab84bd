import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Labels, METRIC_NAME } from '../core/index.ts';
import { OPEN_METRICS_END, parseExposition, writeFamily, writeSample, writeSeries } from './index.ts';

const series = (labels: Record<string, string>) => writeSeries(Labels.of(labels));
const read = (text: string) =>
  parseExposition('application/openmetrics-text; version=1.0.0', `${text}${OPEN_METRICS_END}`);

describe('writing OpenMetrics', () => {
  it.each([
    [{ [METRIC_NAME]: 'up' }, 'up{}'],
    [{ [METRIC_NAME]: 'up', job: 'a', A: 'b' }, 'up{A="b",job="a"}'],
    [{ [METRIC_NAME]: 'up', path: 'a\\b"c"\nd\te' }, 'up{path="a\\\\b\\"c\\"\\nd\te"}'],
    [
      { [METRIC_NAME]: 'http.server', 'code.class': '2xx', job: 'a' },
      '{"http.server","code.class"="2xx",job="a"}',
    ],
  ])('writes the series %j', (labels, expected) => {
    expect(series(labels)).toBe(expected);
  });

  it.each([
    [1, 1_700_000_000_000, 'x 1 1700000000.000\n'],
    [1_000_000, 1_700_000_000_025, 'x 1e+06 1700000000.025\n'],
    [Number.NaN, 0, 'x NaN 0.000\n'],
    [Number.NEGATIVE_INFINITY, -1500, 'x -Inf -1.500\n'],
    [-0, 1001, 'x -0 1.0011\n'],
  ])('writes the value %s at %s', (value, timestamp, expected) => {
    expect(writeSample('x', value, timestamp)).toBe(expected);
  });

  it('writes what is known of a family, and nothing for what is not', () => {
    expect(writeFamily({ name: 'a_seconds', type: 'counter', unit: 'seconds', help: 'One\n"two"' })).toBe(
      '# TYPE a_seconds counter\n# UNIT a_seconds seconds\n# HELP a_seconds One\\n\\"two\\"\n',
    );
    expect(writeFamily({ name: 'a.b', type: 'gauge' })).toBe('# TYPE "a.b" gauge\n');
    expect(writeFamily({ name: 'a', type: 'unknown', help: '' })).toBe('');
  });

  it('gives back every sample when it is read', () => {
    const name = fc.string({ minLength: 1, unit: 'binary' }).filter(text => text.isWellFormed());
    const value = fc.string({ minLength: 1, unit: 'binary' }).filter(text => text.isWellFormed());
    const labels = fc
      .tuple(name, fc.dictionary(name, value, { maxKeys: 4 }))
      .map(([metric, others]) => Labels.of([...Object.entries(others), [METRIC_NAME, metric]]));
    const timestamp = fc.oneof(
      fc.integer({ min: -(2 ** 42), max: 2 ** 42 }),
      fc.integer({ min: 1_600_000_000_000, max: 2_100_000_000_000 }),
    );
    fc.assert(
      fc.property(labels, fc.double(), timestamp, (given, number, time) => {
        const [sample] = read(writeSample(writeSeries(given), number, time)).series;
        expect(sample!.labels.toObject()).toEqual(given.toObject());
        expect(sample!.timestamp).toBe(time);
        expect(Object.is(sample!.value, number)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
