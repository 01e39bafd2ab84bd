import { type Milliseconds, milliseconds, parseDuration } from '../../core/index.ts';
import type { Maintenance } from '../model.ts';

/** RFC 3339, seconds and offset given. */
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

export function instantOf(text: string): Milliseconds | undefined {
  const instant = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(instant) ? undefined : milliseconds(instant);
}

/** `2026-12-24T18:00:00Z/2026-12-24T22:00:00Z` or `2026-12-24T18:00:00Z/4h`; undefined when the text is neither. */
export function intervalOf(text: string): Maintenance | undefined {
  const [start, end, ...more] = text.split('/');
  const from = instantOf(start ?? '');
  if (from === undefined || end === undefined || more.length > 0) return undefined;
  const length = parseDuration(end);
  const to = length === undefined ? instantOf(end) : milliseconds(from + length);
  return to !== undefined && to > from ? { from, to } : undefined;
}

/** Intervals apart by commas or white space; undefined when one of them is none. */
export function intervalsOf(text: string): Maintenance[] | undefined {
  const intervals = text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(intervalOf);
  return intervals.length > 0 && intervals.every(interval => interval !== undefined) ? intervals : undefined;
}

/** In the order of their beginnings; those that touch or overlap are one. */
export function merged(maintenance: readonly Maintenance[]): Maintenance[] {
  const result: Maintenance[] = [];
  for (const next of [...maintenance].sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last && next.from <= last.to)
      result[result.length - 1] = { from: last.from, to: milliseconds(Math.max(last.to, next.to)) };
    else result.push(next);
  }
  return result;
}
