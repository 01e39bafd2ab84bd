import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { createWallClock } from '../wall-clock.ts';
import { type PlotOptions, type PlotSeries, renderPlot } from './plot.ts';

const START = Date.UTC(2026, 6, 1, 10);
const STEP = 60_000;

const line = (name: string, values: readonly number[]): PlotSeries => ({
  name,
  timestamps: values.map((_, i) => START + i * STEP),
  values,
});

function plot(series: readonly PlotSeries[], options: Partial<PlotOptions> = {}): string {
  const points = Math.max(...series.map(({ values }) => values.length));
  return renderPlot(series, {
    width: 48,
    height: 5,
    color: false,
    unit: 'none',
    wallClock: createWallClock('UTC'),
    from: START,
    to: START + (points - 1) * STEP,
    step: STEP,
    ...options,
  })
    .map(row => row.trimEnd())
    .join('\n');
}

const upTo = (count: number, value: (i: number) => number) =>
  Array.from({ length: count }, (_, i) => value(i));

const GAP = /[\u2801-\u28ff]{10,} {10,}[\u2801-\u28ff]{10,}/;

describe('a plot', () => {
  it('draws one series in braille dots, with axes, their ticks and a legend', () => {
    expect(
      `\n${plot([
        line(
          'x',
          upTo(61, i => i),
        ),
      ])}`,
    ).toBe(`
60 ┤                                   ⢀⣀⣀⠤⠤⠔⠒⠊⠉
   │                          ⢀⣀⣀⠤⠤⠒⠒⠉⠉⠁
30 ┤                 ⣀⣀⡠⠤⠔⠒⠒⠊⠉⠁
   │        ⢀⣀⡠⠤⠤⠒⠒⠉⠉
 0 ┤⣀⠤⠤⠔⠒⠊⠉⠉⠁
   └┬──────────┬──────────┬─────────┬──────────┬
   10:00     10:15      10:30     10:45    11:00
   2026-07-01
     last  min  max
● x    60    0   60`);
  });

  it('tells series apart by marks where there are no colours', () => {
    const text = plot([
      line(
        '{a="1"}',
        upTo(61, i => i),
      ),
      line(
        '{a="2"}',
        upTo(61, i => 60 - i),
      ),
    ]);
    expect(text).toMatch(/\* \{a="1"\} .*\no \{a="2"\} /);
    expect(text).not.toMatch(/[\u2801-\u28ff]/);
    expect(text.split('\n')[0]).toMatch(/┤o+ +\*+$/);
  });

  it('tells series apart by colours in braille dots, and dims the axes', () => {
    const text = plot(
      [
        line(
          'up',
          upTo(61, i => i),
        ),
        line(
          'down',
          upTo(61, i => 60 - i),
        ),
      ],
      { color: true },
    );
    const escapes = text.replaceAll('\u001b', '^');
    expect(escapes).toMatch(/\^\[36m[\u2800-\u28ff ]+\^\[39m/);
    expect(escapes).toContain('^[33m●^[39m down');
    expect(escapes).toMatch(/^\^\[2m60 ┤\^\[22m/);
  });

  it.each([
    ['no number', upTo(61, i => (i > 20 && i < 40 ? Number.NaN : 1))],
    ['infinite', upTo(61, i => (i > 20 && i < 40 ? Number.POSITIVE_INFINITY : 1))],
  ])('leaves a gap where values are %s', (_, values) => {
    expect(plot([line('x', values)])).toMatch(GAP);
  });

  it('leaves a gap where points are missing', () => {
    const whole = line(
      'x',
      upTo(61, () => 1),
    );
    const keep = (_: unknown, i: number) => i <= 20 || i >= 40;
    const holed = { ...whole, timestamps: whole.timestamps.filter(keep), values: whole.values.filter(keep) };
    expect(plot([holed], { to: START + 60 * STEP })).toMatch(GAP);
  });

  it('draws single points, also when the range is one instant', () => {
    expect(plot([line('x', [3])])).toMatch(/[\u2801-\u28ff]/);
  });

  it('stands without a single finite value', () => {
    expect(plot([line('x', [Number.NaN, Number.NaN])])).toContain('● x  no value');
  });

  it('keeps to the width, whatever the names and values are', () => {
    const long = line(
      `{path="/${'漢字'.repeat(60)}"}`,
      upTo(61, i => i * 1.234e9),
    );
    for (const width of [40, 80, 120]) {
      const rows = plot(
        [
          long,
          line(
            'b',
            upTo(61, () => -1e-3),
          ),
        ],
        { width },
      ).split('\n');
      expect(rows.every(row => stringWidth(row) <= width)).toBe(true);
    }
  });

  it.each([
    ['percent', 0.25, /^20% ┤/m],
    ['bytes', 3 * 2 ** 30, /^ *\dGiB ┤/m],
    ['seconds', 0.25, /ms ┤/],
    ['none', 2_500_000, /M ┤/],
  ] as const)('labels values that are %s with units', (unit, value, expected) => {
    expect(
      plot(
        [
          line(
            'x',
            upTo(61, i => (value * i) / 60),
          ),
        ],
        { unit },
      ),
    ).toMatch(expected);
  });
});
