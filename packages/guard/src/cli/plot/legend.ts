import stringWidth from 'string-width';
import type { Unit } from '../choices.ts';
import { alignColumns } from '../columns.ts';
import type { Palette } from './palette.ts';
import type { PlotSeries } from './plot.ts';
import { formatValue } from './units.ts';

interface LegendOptions {
  readonly width: number;
  readonly unit: Unit;
  readonly palette: Palette;
  /** What the series are drawn with; undefined for dots in colours. */
  readonly marks: readonly string[] | undefined;
}

/** A line for each series: its mark, its name, and the last, the least and the greatest finite value. */
export function legend(
  series: readonly PlotSeries[],
  { width, unit, palette, marks }: LegendOptions,
): string[] {
  const figures = series.map(({ values }) => {
    const finite = values.filter(Number.isFinite);
    if (finite.length === 0) return ['no value', '', ''];
    const extremes = [Math.min, Math.max].map(pick => finite.reduce((a, b) => pick(a, b)));
    return [finite.at(-1)!, ...extremes].map(value => formatValue(value, unit));
  });
  const lines = alignColumns([['last', 'min', 'max'], ...figures], ['right', 'right', 'right']);
  const room = width - stringWidth(lines[0]!) - 4;
  const names = series.map(({ name }) => shortened(name, room));
  const column = Math.max(...names.map(name => stringWidth(name)));
  return ['', ...names].map((name, i) => {
    const padded = name + ' '.repeat(column - stringWidth(name));
    if (i === 0) return palette.dim(`  ${padded}  ${lines[0]}`);
    const ink = i - 1;
    return `${palette.paint(marks?.[ink] ?? '●', ink)} ${padded}  ${lines[i]}`;
  });
}

/** Cut in the middle: the ends of names tell series apart. */
function shortened(name: string, width: number): string {
  if (stringWidth(name) <= width) return name;
  const half = Math.max(1, Math.floor((width - 1) / 2));
  const characters = [...name];
  return `${fitting(characters, half)}…${[...fitting(characters.reverse(), half)].reverse().join('')}`;
}

/** As many of the first characters as the width holds. */
function fitting(characters: readonly string[], width: number): string {
  let text = '';
  for (const character of characters) {
    if (stringWidth(text + character) > width) break;
    text += character;
  }
  return text;
}
