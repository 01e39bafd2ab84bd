import { formatDuration, formatFloat, toSeconds } from '../../core/index.ts';
import { parseExpr } from '../../promql/index.ts';
import type { LatencySli, QueriesSli, RatioSli, RawRatioSli, WindowedQuery } from '../model.ts';
import { asOperand, type Query } from '../windowed-query.ts';
import { type Context, type Place, within } from './context.ts';
import { queryOf, tellDropped } from './metric.ts';
import type { IndicatorSpec } from './schema.ts';

type RatioMetric = NonNullable<IndicatorSpec['ratioMetric']>;

interface PlacedQuery {
  readonly query: Query;
  readonly place: Place;
}

/** A `ratioMetric`; undefined, and told, when a query of it cannot be read. */
export function ratioSli(
  metric: RatioMetric,
  place: Place,
  grouping: readonly string[],
  context: Context,
): RatioSli | LatencySli | QueriesSli | RawRatioSli | undefined {
  const read = (field: 'good' | 'bad' | 'total' | 'raw'): PlacedQuery | undefined => {
    const given = metric[field];
    if (!given) return undefined;
    const query = queryOf(given, within(place, field), context);
    if (query) tellDropped(query, grouping, within(place, field), context);
    return query && { query, place: within(place, field, 'metricSource', 'spec', 'query') };
  };
  if (metric.raw) {
    const raw = read('raw');
    return raw && rawSli(raw.query, metric.rawType!, grouping);
  }
  const counts = metric.good ? 'good' : 'bad';
  const events = read(counts);
  const total = read('total');
  if (!events || !total) return undefined;
  return countedSli({ metric, place, counts, events, total }, context);
}

interface Counted {
  readonly metric: RatioMetric;
  readonly place: Place;
  readonly counts: 'good' | 'bad';
  readonly events: PlacedQuery;
  readonly total: PlacedQuery;
}

function countedSli({ metric, place, counts, events, total }: Counted, context: Context) {
  const needsCounter = [events, total].some(({ query }) => query.kind !== 'windowed');
  if (needsCounter && metric.counter === undefined) {
    const { source, path } = place;
    context.report.problem(
      source.problemAt(path, {
        code: 'missing-field',
        message: 'whether the metrics only grow is not said: give counter (in v1alpha: incremental)',
        remedy: 'write true for counters as Prometheus has them',
      }),
    );
    return undefined;
  }
  const isCounter = metric.counter !== false;
  if (isCounter && events.query.kind === 'selector' && total.query.kind === 'selector')
    return selected(counts, events.query.selector, total.query.selector);
  const [eventsOver, totalOver] = [events, total].map(given => overWindow(given, isCounter, context));
  return eventsOver && totalOver
    ? ({ kind: 'queries', counts, events: eventsOver, total: totalOver } as const)
    : undefined;
}

function selected(counts: 'good' | 'bad', events: string, total: string): RatioSli | LatencySli {
  const le = counts === 'good' ? bucketOf(events, total) : undefined;
  return le === undefined
    ? { kind: 'ratio', counts, events, total }
    : { kind: 'latency', bucket: events, le, total };
}

/** The bound of the bucket that `events` selects, when `total` selects the count of the same histogram. */
function bucketOf(events: string, total: string): string | undefined {
  const [bucket, count] = [parseExpr(events), parseExpr(total)];
  if (bucket.type !== 'vector' || count.type !== 'vector' || !bucket.name.endsWith('_bucket'))
    return undefined;
  const histogram = bucket.name.slice(0, -'_bucket'.length);
  if (count.name !== `${histogram}_count`) return undefined;
  return bucket.matchers.find(({ name, operator }) => name === 'le' && operator === '=')?.value;
}

/** Events a second over a window. */
function overWindow(
  { query, place }: PlacedQuery,
  isCounter: boolean,
  { report }: Context,
): WindowedQuery | undefined {
  if (query.kind === 'windowed') return query.query;
  const text = query.kind === 'selector' ? query.selector : query.text;
  if (!isCounter)
    return { text, over: window => `${overTime('sum', query, window)} / ${formatFloat(toSeconds(window))}` };
  if (query.kind === 'selector') return { text, over: window => `rate(${text}[${formatDuration(window)}])` };
  report.problem(
    place.source.problemAt(place.path, {
      code: 'missing-window',
      message: 'an expression that is read over several windows must say where the window goes',
      remedy:
        'write {{.window}} for it, as in sum(rate(requests_total[{{.window}}])), or give a plain selector',
    }),
  );
  return undefined;
}

/** A ratio that is there already, averaged over the window unless it says itself what the window is for. */
function rawSli(query: Query, type: 'success' | 'failure', grouping: readonly string[]): RawRatioSli {
  const counts = type === 'success' ? 'good' : 'bad';
  if (query.kind === 'windowed') return { kind: 'raw', counts, ratio: query.query };
  const by = grouping.length === 0 ? '' : ` by (${grouping.join(', ')}) `;
  return {
    kind: 'raw',
    counts,
    ratio: {
      text: query.kind === 'selector' ? query.selector : query.text,
      over: window => `avg${by}(${overTime('avg', query, window)})`,
    },
  };
}

/** A selector's samples, or an expression's values at each step of a subquery. */
function overTime(
  operator: 'sum' | 'avg',
  query: Exclude<Query, { kind: 'windowed' }>,
  window: number,
): string {
  const range = formatDuration(window);
  return query.kind === 'selector'
    ? `${operator}_over_time(${query.selector}[${range}])`
    : `${operator}_over_time(${asOperand(query.text)}[${range}:])`;
}
