import { formatFloat, type Milliseconds, UserError } from '../../core/index.ts';
import type { ApiAnswer } from '../prometheus/api-answer.ts';
import type { PrometheusClient } from '../prometheus/client.ts';
import { durationOption, type TimeContext, timeOption } from '../time-option.ts';

/** What is asked of the server. */
export type QueryRequest =
  | { readonly kind: 'instant'; readonly expr: string; readonly time: Milliseconds | undefined }
  | ({ readonly kind: 'range'; readonly expr: string } & TimeRange)
  | ({ readonly kind: 'series'; readonly selector: string } & Partial<Bounds>)
  | ({
      readonly kind: 'labels';
      readonly name: string | undefined;
      readonly selector: string | undefined;
    } & Partial<Bounds>);

interface Bounds {
  readonly start: Milliseconds;
  readonly end: Milliseconds;
}

export interface TimeRange extends Bounds {
  readonly step: Milliseconds;
}

/** The options that decide what is asked. */
export interface RequestFlags {
  readonly time?: string;
  readonly start?: string;
  readonly end?: string;
  readonly since?: string;
  readonly step?: string;
  readonly series?: boolean;
  /** The label's name; true for all names. */
  readonly labels?: string | true;
}

const DEFAULT_RANGE: Milliseconds = 3_600_000;
const LEAST_STEP: Milliseconds = 1000;

/** The steps that are chosen where none is given. */
const STEPS: readonly Milliseconds[] = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400,
].map(seconds => seconds * 1000);

/**
 * @param points how many points of a series can be shown; chooses the step where none is given
 * @param isRange whether a range is asked for even without a bound
 * @throws UserError `bad-option`
 */
export function requestOf(
  expr: string | undefined,
  flags: RequestFlags,
  context: TimeContext,
  { points, isRange }: { points: number; isRange: boolean },
): QueryRequest {
  const { time, start, end, since, step, series, labels } = flags;
  if (series || labels !== undefined) return listRequest(expr, flags, context);
  if (expr === undefined) throw new UserError('bad-option', 'give the expression to query');
  if (!isRange && [start, end, since, step].every(flag => flag === undefined))
    return {
      kind: 'instant',
      expr,
      time: time === undefined ? undefined : timeOption('--time', time, context),
    };
  if (time !== undefined)
    throw new UserError(
      'bad-option',
      '--time is for one instant; --start, --end, --since and --step are for a range',
    );
  const bounds = boundsOf(flags, context);
  return {
    kind: 'range',
    expr,
    ...bounds,
    step: step === undefined ? stepFor(bounds, points) : durationOption('--step', step),
  };
}

function listRequest(expr: string | undefined, flags: RequestFlags, context: TimeContext): QueryRequest {
  const { series, labels, start, end, since, time, step } = flags;
  if (time !== undefined || step !== undefined)
    throw new UserError(
      'bad-option',
      '--series and --labels take --start, --end and --since, no --time and no --step',
    );
  const bounds = [start, end, since].every(flag => flag === undefined) ? {} : boundsOf(flags, context);
  if (!series)
    return { kind: 'labels', name: labels === true ? undefined : labels, selector: expr, ...bounds };
  if (labels !== undefined) throw new UserError('bad-option', 'give either --series or --labels');
  if (expr === undefined)
    throw new UserError('bad-option', '--series needs a selector, such as up or {job="node"}');
  return { kind: 'series', selector: expr, ...bounds };
}

function boundsOf({ start, end, since }: RequestFlags, context: TimeContext): Bounds {
  if (start !== undefined && since !== undefined)
    throw new UserError('bad-option', 'give either --start or --since');
  // Whole seconds are easier to read, and to repeat.
  const to = end === undefined ? Math.floor(context.now / 1000) * 1000 : timeOption('--end', end, context);
  const from =
    start === undefined
      ? to - (since === undefined ? DEFAULT_RANGE : durationOption('--since', since))
      : timeOption('--start', start, context);
  if (from > to) throw new UserError('bad-option', 'the range ends before it starts');
  return { start: from, end: to };
}

function stepFor({ start, end }: Bounds, points: number): Milliseconds {
  const least = Math.max(LEAST_STEP, (end - start) / Math.max(1, points));
  const largest = STEPS.at(-1)!;
  return STEPS.find(step => step >= least) ?? Math.ceil(least / largest) * largest;
}

const seconds = (time: Milliseconds | undefined): string | undefined =>
  time === undefined ? undefined : formatFloat(time / 1000);

/** Asks the server. @throws UserError of `PrometheusClient` */
export function sendRequest(client: PrometheusClient, request: QueryRequest): Promise<ApiAnswer> {
  switch (request.kind) {
    case 'instant':
      return client.ask('query', { query: request.expr, time: seconds(request.time) });
    case 'range': {
      const { expr, start, end, step } = request;
      return client.ask('query_range', {
        query: expr,
        start: seconds(start),
        end: seconds(end),
        step: seconds(step),
      });
    }
    case 'series': {
      const { selector, start, end } = request;
      return client.ask('series', { 'match[]': selector, start: seconds(start), end: seconds(end) });
    }
    case 'labels': {
      const { name, selector, start, end } = request;
      const parameters = { 'match[]': selector, start: seconds(start), end: seconds(end) };
      return name === undefined
        ? client.ask('labels', parameters)
        : client.get(`label/${labelPath(name)}/values`, parameters);
    }
  }
}

/** Names beyond the classic form are written as Prometheus escapes them in paths (model.EscapeName, `U__`). */
export function labelPath(name: string): string {
  if (/^[a-zA-Z_]\w*$/.test(name)) return name;
  const escaped = [...name].map((character, i) => {
    if (character === '_') return '__';
    const isPlain = /[a-zA-Z:]/.test(character) || (i > 0 && /[0-9]/.test(character));
    return isPlain ? character : `_${character.codePointAt(0)!.toString(16)}_`;
  });
  return `U__${escaped.join('')}`;
}
