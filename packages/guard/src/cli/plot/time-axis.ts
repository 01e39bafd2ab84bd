import type { Milliseconds } from '../../core/index.ts';
import { WALL_TEXT, type WallClock } from '../wall-clock.ts';

export interface TimeTick {
  readonly time: Milliseconds;
  readonly label: string;
  /** What the label leaves out, where it is another than at the tick before. */
  readonly context?: string;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

interface TickText {
  readonly width: number;
  label(shown: Milliseconds): string;
  context(shown: Milliseconds): string;
}

const SECONDS: TickText = { width: 8, label: WALL_TEXT.seconds, context: WALL_TEXT.date };
const MINUTES: TickText = { width: 5, label: WALL_TEXT.minutes, context: WALL_TEXT.date };
const DAYS: TickText = { width: 6, label: WALL_TEXT.day, context: WALL_TEXT.year };

/** The distances between ticks: those that a clock's face or a calendar divides into. */
const STEPS: ReadonlyArray<readonly [step: Milliseconds, text: TickText]> = [
  ...[1, 2, 5, 10, 15, 30].map(n => [n * SECOND, SECONDS] as const),
  ...[1, 2, 5, 10, 15, 30].map(n => [n * MINUTE, MINUTES] as const),
  ...[1, 2, 3, 6, 12].map(n => [n * HOUR, MINUTES] as const),
  ...[1, 2, 7, 14, 28, 91, 182, 364].map(n => [n * DAY, DAYS] as const),
];

/** Between two labels at least. */
const BLANKS = 4;

/** Ticks at round times of the wall clock, as many as have room. @param columns in which the whole axis is shown */
export function timeTicks(
  from: Milliseconds,
  to: Milliseconds,
  columns: number,
  wallClock: WallClock,
): TimeTick[] {
  const [step, text] = stepFor(to - from, columns);
  const begin = wallClock.shownAt(from);
  const end = wallClock.shownAt(to);
  const ticks: TimeTick[] = [];
  let before = '';
  for (let shown = Math.ceil(begin / step) * step; shown <= end; shown += step) {
    const time = wallClock.instantOf(shown);
    if (time < from || time > to) continue;
    const context = text.context(shown);
    ticks.push({ time, label: text.label(shown), ...(context !== before && { context }) });
    before = context;
  }
  return ticks;
}

function stepFor(length: Milliseconds, columns: number): readonly [Milliseconds, TickText] {
  const hasRoom = ([step, { width }]: (typeof STEPS)[number]) => (step / length) * columns >= width + BLANKS;
  const largest = STEPS.at(-1)!;
  return STEPS.find(hasRoom) ?? [Math.ceil(length / largest[0]) * largest[0], largest[1]];
}
