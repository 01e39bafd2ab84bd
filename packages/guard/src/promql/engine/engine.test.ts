import { describe, expect, it } from 'vitest';
import { Labels, UserError } from '../../core/index.ts';
import { createEngine, parseExpr, type QueryOptions } from '../index.ts';
import { createMemoryStorage } from '../testing.ts';

const STEP = 15_000;

function storageWith(series: number, samples: number) {
  const storage = createMemoryStorage();
  const appender = storage.appender();
  for (let i = 0; i < series; i++)
    for (let n = 0; n < samples; n++)
      appender.append(Labels.of({ __name__: 'x_total', i: String(i) }), n * STEP, n * (i + 1));
  appender.commit();
  return storage;
}

const engine = createEngine({ lookbackDelta: 300_000, maxSamples: 1000 });
const storage = storageWith(4, 100);

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof UserError) return error.code;
    throw error;
  }
  return 'none';
}

const instant = (text: string, options?: QueryOptions) =>
  engine.instant(storage, parseExpr(text), 99 * STEP, options);

describe('an engine', () => {
  it('answers vectors, scalars, strings and matrices', () => {
    expect(instant('x_total{i="1"}')).toMatchObject({
      type: 'vector',
      samples: [{ timestamp: 99 * STEP, value: 198 }],
    });
    expect(instant('1 + time()')).toMatchObject({ type: 'scalar', value: 1 + (99 * STEP) / 1000 });
    expect(instant('"a"')).toMatchObject({ type: 'string', value: 'a' });
    const matrix = instant('x_total{i="0"}[30s]');
    expect(matrix.type === 'matrix' && matrix.series[0]).toMatchObject({
      timestamps: Float64Array.of(98 * STEP, 99 * STEP),
      values: Float64Array.of(98, 99),
    });
  });

  it('refuses a range query of a range vector', () => {
    const range = { start: 0, end: STEP, step: STEP };
    expect(codeOf(() => engine.range(storage, parseExpr('x_total[5m]'), range))).toBe('bad-promql');
  });

  it.each([
    ['x_total[1m - 2m]', '8:15: duration must be greater than 0'],
    ['x_total[(5m / (1 - 1))]', '9:20: division by zero'],
    ['sum(x_total offset (1m % (2 - 2)))', '20:31: modulo by zero'],
    ['x_total[2m ^ 100]', '8:16: duration is out of range'],
    ['x_total[step()]', '8:14: duration must be greater than 0'],
  ])('refuses %s before it reads, with the place of the duration', (text, message) => {
    expect(() => instant(text)).toThrow(message);
    expect(codeOf(() => instant(text))).toBe('bad-promql');
  });

  it('refuses queries that hold too many samples, and counts one window at a time', () => {
    const range = { start: 0, end: 99 * STEP, step: 1000 };
    expect(codeOf(() => engine.range(storage, parseExpr('x_total'), range))).toBe('promql-too-many-samples');
    const tight = createEngine({ lookbackDelta: 300_000, maxSamples: 110 });
    expect(codeOf(() => tight.instant(storage, parseExpr('sum(rate(x_total[25m]))'), 99 * STEP))).toBe(
      'none',
    );
    expect(codeOf(() => tight.instant(storage, parseExpr('x_total[25m]'), 99 * STEP))).toBe(
      'promql-too-many-samples',
    );
  });

  it.each(['count_over_time(vector(1)[100y:1ms])', 'sum_over_time(vector(time())[100y:1ms])'])(
    'refuses a subquery of more steps than it may hold samples by that limit: %s',
    text => {
      expect(() => instant(text)).toThrow(
        'too many samples into memory in query execution (the limit is 1000)',
      );
      expect(codeOf(() => instant(text))).toBe('promql-too-many-samples');
    },
  );

  it.each([
    ['timeout', 'promql-timeout'],
    ['canceled', 'promql-canceled'],
  ] as const)('ends a query on %s', (reason, code) => {
    expect(codeOf(() => instant('sum(rate(x_total[25m]))', { interrupted: () => reason }))).toBe(code);
  });

  it('takes the lookback of a query over its own', () => {
    const at = 99 * STEP + 100_000;
    const find = (options?: QueryOptions) => engine.instant(storage, parseExpr('x_total'), at, options);
    expect(find()).toMatchObject({ samples: { length: 4 } });
    expect(find({ lookbackDelta: 60_000 })).toMatchObject({ samples: { length: 0 } });
  });

  it('gives each step of a range query what an instant query gives there', () => {
    const texts = [
      'rate(x_total[2m])',
      'sum by (i) (increase(x_total[1m30s])) > 3',
      'avg_over_time(x_total[5m] offset 1m)',
      'max_over_time(rate(x_total[1m])[3m:20s])',
      'x_total / on (i) group_left () (x_total offset 1m)',
      'topk(2, x_total)',
      'quantile(0.3, x_total) or vector(time())',
    ];
    const range = { start: 0, end: 40 * STEP, step: 7000 };
    const roomy = createEngine({ lookbackDelta: 300_000, maxSamples: 1e6 });
    for (const text of texts) {
      const expr = parseExpr(text);
      const whole = roomy.range(storage, expr, range);
      for (let at = range.start; at <= range.end; at += range.step) {
        const single = roomy.instant(storage, expr, at);
        const points = single.type === 'vector' ? single.samples : [];
        const found = whole.type === 'matrix' ? whole.series : [];
        const there = found.flatMap(({ labels, timestamps, values }) => {
          const index = timestamps.indexOf(at);
          return index < 0 ? [] : [[labels.key, values[index]] as const];
        });
        expect(new Map(there)).toEqual(new Map(points.map(({ labels, value }) => [labels.key, value])));
      }
    }
  });
});
