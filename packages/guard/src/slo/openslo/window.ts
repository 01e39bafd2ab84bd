import { parseDuration } from '../../core/index.ts';
import type { Budgeting, TimeWindow } from '../model.ts';
import { type Context, type Place, within } from './context.ts';
import { shorthandOf } from './duration.ts';
import type { ObjectiveFields, SloSpec, TimeWindowFields } from './schema.ts';

/** Where a document leaves its window open: the period that the policies are for. */
const DEFAULT_WINDOW: TimeWindow = { kind: 'rolling', length: parseDuration('30d')! };

/** The window of an SLO; undefined, and told, when calendars have none of that length. */
export function windowOf({ timeWindow }: SloSpec, place: Place, { report }: Context): TimeWindow | undefined {
  const [given] = timeWindow ?? [];
  if (!given) return DEFAULT_WINDOW;
  const { length, count, calendar: unit } = shorthandOf(given.duration)!;
  if (!given.calendar) return { kind: 'rolling', length };
  if (unit) return { kind: 'calendar', unit, count, ...alignment(given.calendar) };
  const { source, path } = within(place, 'timeWindow', 0, 'duration');
  report.problem(
    source.problemAt(path, {
      code: 'bad-window',
      message: `a calendar window lasts days, weeks, months, quarters or years, not ${given.duration}`,
      remedy: 'write 1d, 1w, 1M, 1Q or 1Y',
    }),
  );
  return undefined;
}

const alignment = ({ startTime, timeZone }: NonNullable<TimeWindowFields['calendar']>) => ({
  timeZone,
  anchor: startTime.replace(' ', 'T'),
});

/** How an objective's budget is counted; undefined, and told, when the method lacks one of its fields. */
export function budgetingOf(
  { budgetingMethod }: SloSpec,
  objective: ObjectiveFields,
  place: Place,
  context: Context,
): Budgeting | undefined {
  const { timeSliceTarget: target, timeSliceWindow } = objective;
  const needed: (keyof ObjectiveFields)[] = NEEDED[budgetingMethod];
  const missing = needed.filter(field => objective[field] === undefined);
  for (const field of missing) {
    context.report.problem(
      place.source.problemAt(place.path, {
        code: 'missing-field',
        message: `field "${field}" is missing in ${place.path.join('.')}: budgetingMethod ${budgetingMethod} needs it`,
      }),
    );
  }
  for (const field of SLICE_FIELDS.filter(name => objective[name] !== undefined && !needed.includes(name)))
    unused(place, field, `budgetingMethod ${budgetingMethod} does not use it`, context);
  if (missing.length > 0) return undefined;
  const slice = () => sliceOf(timeSliceWindow!);
  switch (budgetingMethod) {
    case 'Occurrences':
      return { method: 'occurrences' };
    case 'Timeslices':
      return { method: 'timeslices', target: target!, slice: slice() };
    case 'RatioTimeslices':
      return { method: 'ratio-timeslices', slice: slice() };
  }
}

const SLICE_FIELDS = ['timeSliceTarget', 'timeSliceWindow'] as const;

const NEEDED: Record<SloSpec['budgetingMethod'], (typeof SLICE_FIELDS)[number][]> = {
  Occurrences: [],
  Timeslices: ['timeSliceTarget', 'timeSliceWindow'],
  RatioTimeslices: ['timeSliceWindow'],
};

const MINUTE = 60_000;

/** A number counts minutes. */
const sliceOf = (given: number | string) =>
  typeof given === 'number' ? given * MINUTE : shorthandOf(given)!.length;

/** Warns of a field of an objective that changes nothing. */
export function unused({ source, path }: Place, field: string, reason: string, { report }: Context): void {
  report.warning({
    ...source.problemAtKey([...path, field], {
      code: 'unused-field',
      message: `${field} changes nothing: ${reason}`,
      remedy: 'remove it',
    }),
    code: 'unused-field',
  });
}
