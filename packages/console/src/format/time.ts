import { ABSENT } from './numbers.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A stretch of time in its one or two largest units: `0 s`, `45 s`, `6 min`, `2 h 5 min`, `30 d`. */
export function formatSpan(milliseconds: number): string {
  const ms = Math.max(0, milliseconds);
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < 2 * DAY) return join(Math.floor(ms / HOUR), 'h', Math.floor((ms % HOUR) / MINUTE), 'min');
  return join(Math.floor(ms / DAY), 'd', Math.floor((ms % DAY) / HOUR), 'h');
}

/** How long an operation took: `0.42 ms`, `12.3 ms`, `1.53 s`, `2 min 5 s`. */
export function formatLatency(milliseconds: number): string {
  if (milliseconds < 10) return `${Number(milliseconds.toFixed(2))} ms`;
  if (milliseconds < 1000) return `${Number(milliseconds.toFixed(1))} ms`;
  if (milliseconds < MINUTE) return `${Number((milliseconds / SECOND).toFixed(2))} s`;
  return join(Math.floor(milliseconds / MINUTE), 'min', Math.floor((milliseconds % MINUTE) / SECOND), 's');
}

/** How long ago an instant was, by the guard's clock. Instants ahead of that clock count as now. */
export function formatAge(instant: number, now: number): string {
  const age = now - instant;
  return age < SECOND ? 'just now' : `${formatSpan(age)} ago`;
}

/** The time of day in the browser's zone, 24 hours: `03:07:45`, or `03:07` without seconds. */
export function formatClock(instant: number | null, seconds = true): string {
  if (instant === null) return ABSENT;
  const date = new Date(instant);
  const parts = [date.getHours(), date.getMinutes(), ...(seconds ? [date.getSeconds()] : [])];
  return parts.map(part => String(part).padStart(2, '0')).join(':');
}

/** The whole instant in the browser's zone, for tooltips and old entries: `2026-11-23 03:07:45`. */
export function formatInstant(instant: number): string {
  const date = new Date(instant);
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()];
  return `${day.map(part => String(part).padStart(2, '0')).join('-')} ${formatClock(instant)}`;
}

function join(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}
