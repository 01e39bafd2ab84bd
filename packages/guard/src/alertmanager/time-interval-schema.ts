import { z } from 'zod';
import { textField } from '../config/index.ts';
import { createWallClock, type InclusiveRange, type TimeInterval } from './time-interval.ts';

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
const INTEGER = /^[+-]?\d{1,9}$/;
const TIME = /^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/;

/** Thrown while reading; becomes an issue at the value's place. */
class BadRange extends Error {}
const refuse = (message: string): never => {
  throw new BadRange(message);
};

const number = (text: string) => (INTEGER.test(text) ? Number(text) : refuse(`${text} is not a number`));
const weekday = (text: string) => known(WEEKDAYS.indexOf(text), `${text} is not a valid weekday`);
const month = (text: string) => {
  const index = MONTHS.indexOf(text);
  if (index >= 0) return index + 1;
  return INTEGER.test(text) ? Number(text) : refuse(`${text} is not a valid month`);
};
const known = (index: number, message: string) => (index >= 0 ? index : refuse(message));

function readRange(text: string, member: (text: string) => number): InclusiveRange {
  const [first, last, ...more] = text.toLowerCase().split(':');
  if (more.length > 0) refuse(`couldn't parse range ${text}, invalid format`);
  const begin = member(first!);
  return { begin, end: last === undefined ? begin : member(last) };
}

/** A text that `read` takes, with its complaint as an issue. */
const read = <T>(reader: (text: string) => T) =>
  textField.transform((text, context) => {
    try {
      return reader(text);
    } catch (error) {
      if (!(error instanceof BadRange) && !(error instanceof RangeError)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
      return z.NEVER;
    }
  });

const rangeField = (member: (text: string) => number, check: (range: InclusiveRange) => void) =>
  read(text => {
    const range = readRange(text, member);
    check(range);
    return range;
  });

const weekdayField = rangeField(weekday, ({ begin, end }) => {
  if (begin > end) refuse('start day cannot be before end day');
});
const monthField = rangeField(month, ({ begin, end }) => {
  if (begin > end) refuse('the end month is before the start month');
});
const yearField = rangeField(number, ({ begin, end }) => {
  if (begin > end) refuse(`end year ${end} is before start year ${begin}`);
});

/** No month is shorter than this: what is empty there may still be something in a longer one. */
const SHORTEST_MONTH = 28;
const dayField = rangeField(number, ({ begin, end }) => {
  for (const day of [begin, end])
    if (day === 0 || Math.abs(day) > 31) refuse(`${day} is not a valid day of the month: out of range`);
  if (begin < 0 && end > 0) refuse('end day must be negative if start day is negative');
  const least = (day: number) => (day < 0 ? SHORTEST_MONTH + day : day);
  if (least(begin) > least(end)) refuse(`end day ${end} is always before start day ${begin}`);
});

const timeField = read(text => {
  if (!TIME.test(text)) refuse(`couldn't parse timestamp ${text}, invalid format`);
  const [hours, minutes] = text.split(':').map(Number) as [number, number];
  return hours * 60 + minutes;
});
const timesField = z
  .strictObject({ start_time: timeField, end_time: timeField })
  .refine(({ start_time, end_time }) => start_time < end_time, {
    message: 'start time cannot be equal or greater than end time',
  })
  .transform(({ start_time: begin, end_time: end }): InclusiveRange => ({ begin, end }));

const intervalField = z
  .strictObject({
    times: z.array(timesField).nullish(),
    weekdays: z.array(weekdayField).nullish(),
    days_of_month: z.array(dayField).nullish(),
    months: z.array(monthField).nullish(),
    years: z.array(yearField).nullish(),
    location: read(createWallClock).nullish(),
  })
  .transform(
    ({ times, weekdays, days_of_month: daysOfMonth, months, years, location }): TimeInterval => ({
      ...(times && { times }),
      ...(weekdays && { weekdays }),
      ...(daysOfMonth && { daysOfMonth }),
      ...(months && { months }),
      ...(years && { years }),
      ...(location && { clock: location }),
    }),
  );

/** An entry of `time_intervals` (Alertmanager config.TimeInterval). */
export const timeIntervalSchema = z.strictObject({
  name: textField.pipe(z.string().min(1, 'missing name in time interval')),
  time_intervals: z
    .array(intervalField)
    .nullish()
    .transform(list => list ?? []),
});
