/** The parts of a time in its zone. */
export interface TimeParts {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  readonly yearDay: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanosecond: number;
  readonly offsetSeconds: number;
  readonly abbreviation: string;
}

export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
export const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

const two = (value: number) => String(value).padStart(2, '0');
const hour12 = (hour: number) => hour % 12 || 12;

function offset(seconds: number, separator: string, parts: 1 | 2 | 3): string {
  const size = Math.abs(seconds);
  const all = [Math.floor(size / 3600), Math.floor(size / 60) % 60, size % 60].slice(0, parts);
  return (seconds < 0 ? '-' : '+') + all.map(two).join(separator);
}
const zulu = (seconds: number, text: string) => (seconds === 0 ? 'Z' : text);

/** What stands for what in a layout (time/format.go), longest first where one begins another. */
const ELEMENTS: ReadonlyArray<readonly [element: string, show: (time: TimeParts) => string]> = [
  ['January', time => MONTHS[time.month - 1]!],
  ['Monday', time => WEEKDAYS[time.weekday]!],
  ['Jan', time => MONTHS[time.month - 1]!.slice(0, 3)],
  ['Mon', time => WEEKDAYS[time.weekday]!.slice(0, 3)],
  ['MST', time => time.abbreviation],
  ['002', time => String(time.yearDay).padStart(3, '0')],
  ['01', time => two(time.month)],
  ['02', time => two(time.day)],
  ['03', time => two(hour12(time.hour))],
  ['04', time => two(time.minute)],
  ['05', time => two(time.second)],
  ['06', time => two(time.year % 100)],
  ['2006', time => String(time.year).padStart(4, '0')],
  ['15', time => two(time.hour)],
  ['__2', time => String(time.yearDay).padStart(3)],
  ['_2', time => String(time.day).padStart(2)],
  ['PM', time => (time.hour >= 12 ? 'PM' : 'AM')],
  ['pm', time => (time.hour >= 12 ? 'pm' : 'am')],
  ['-07:00:00', time => offset(time.offsetSeconds, ':', 3)],
  ['-070000', time => offset(time.offsetSeconds, '', 3)],
  ['-07:00', time => offset(time.offsetSeconds, ':', 2)],
  ['-0700', time => offset(time.offsetSeconds, '', 2)],
  ['-07', time => offset(time.offsetSeconds, '', 1)],
  ['Z07:00:00', time => zulu(time.offsetSeconds, offset(time.offsetSeconds, ':', 3))],
  ['Z070000', time => zulu(time.offsetSeconds, offset(time.offsetSeconds, '', 3))],
  ['Z07:00', time => zulu(time.offsetSeconds, offset(time.offsetSeconds, ':', 2))],
  ['Z0700', time => zulu(time.offsetSeconds, offset(time.offsetSeconds, '', 2))],
  ['Z07', time => zulu(time.offsetSeconds, offset(time.offsetSeconds, '', 1))],
  ['1', time => String(time.month)],
  ['2', time => String(time.day)],
  ['3', time => String(hour12(time.hour))],
  ['4', time => String(time.minute)],
  ['5', time => String(time.second)],
];

/** `.000` shows as many digits, `.999` leaves zeros at the end out; no digit may follow. */
const FRACTION = /^[.,](0+|9+)(?!\d)/;

/** A time as Go's Time.Format prints it. */
export function formatTime(time: TimeParts, layout: string): string {
  let text = '';
  for (let rest = layout; rest !== ''; ) {
    const fraction = FRACTION.exec(rest);
    const element = ELEMENTS.find(([name]) => rest.startsWith(name) && isElement(name, rest));
    const length = fraction?.[0].length ?? element?.[0].length ?? 1;
    if (fraction) text += fractionOf(time.nanosecond, fraction[0]);
    else text += element ? element[1](time) : rest[0];
    rest = rest.slice(length);
  }
  return text;
}

/** Within words `Jan` and `Mon` stand for nothing, and `_2006` is a year behind a literal `_`. */
function isElement(name: string, rest: string): boolean {
  if (name === 'Jan' || name === 'Mon') return !/^[a-z]/.test(rest.slice(3));
  return name !== '_2' || !rest.startsWith('_2006');
}

function fractionOf(nanosecond: number, element: string): string {
  const digits = String(nanosecond)
    .padStart(9, '0')
    .slice(0, element.length - 1)
    .padEnd(element.length - 1, '0');
  if (element[1] === '0') return element[0] + digits;
  const shown = digits.replace(/0+$/, '');
  return shown === '' ? '' : element[0] + shown;
}
