/** Functions of one value, by name. */
export const MATH_FUNCTIONS: ReadonlyMap<string, (value: number) => number> = new Map([
  ['abs', Math.abs],
  ['acos', Math.acos],
  ['acosh', Math.acosh],
  ['asin', Math.asin],
  ['asinh', Math.asinh],
  ['atan', Math.atan],
  ['atanh', Math.atanh],
  ['ceil', Math.ceil],
  ['cos', Math.cos],
  ['cosh', Math.cosh],
  ['deg', value => value * (180 / Math.PI)],
  ['exp', Math.exp],
  ['floor', Math.floor],
  ['ln', Math.log],
  ['log10', Math.log10],
  ['log2', Math.log2],
  ['rad', value => value * (Math.PI / 180)],
  ['sgn', value => (value < 0 ? -1 : value > 0 ? 1 : value)],
  ['sin', Math.sin],
  ['sinh', Math.sinh],
  ['sqrt', Math.sqrt],
  ['tan', Math.tan],
  ['tanh', Math.tanh],
]);

const DAY = 86_400_000;

const yearStart = (date: Date): number => {
  const start = new Date(0);
  start.setUTCFullYear(date.getUTCFullYear(), 0, 1);
  return start.getTime();
};

function daysInMonth(date: Date): number {
  const last = new Date(0);
  last.setUTCFullYear(date.getUTCFullYear(), date.getUTCMonth() + 1, 0);
  return last.getUTCDate();
}

const DATE_PARTS: ReadonlyMap<string, (date: Date) => number> = new Map([
  ['days_in_month', daysInMonth],
  ['day_of_month', (date: Date) => date.getUTCDate()],
  ['day_of_week', (date: Date) => date.getUTCDay()],
  ['day_of_year', (date: Date) => Math.floor((date.getTime() - yearStart(date)) / DAY) + 1],
  ['hour', (date: Date) => date.getUTCHours()],
  ['minute', (date: Date) => date.getUTCMinutes()],
  ['month', (date: Date) => date.getUTCMonth() + 1],
  ['year', (date: Date) => date.getUTCFullYear()],
]);

/** A part of the UTC date at so many seconds of Unix time; undefined when there is no such function. */
export function dateFunction(name: string): ((seconds: number) => number) | undefined {
  const part = DATE_PARTS.get(name);
  return part && (seconds => part(new Date(Math.trunc(seconds) * 1000)));
}
