import { formatDuration, milliseconds } from '../../core/index.ts';
import type { Slo, WindowedQuery } from '../model.ts';
import type { Fault } from './fault.ts';
import { divisionsOf, isGuarded, parsedOrUndefined, type RatioFault, ratioFault } from './ratio-shape.ts';

/** Any window shows the shape of a query. */
const SOME_WINDOW = milliseconds(300_000);

const exprOf = (query: WindowedQuery) => parsedOrUndefined(query.over(SOME_WINDOW));

/** What is wrong with the expressions that an author wrote, whatever the data. */
export function queryFaults({ sli, grouping }: Slo): Fault[] {
  if (sli.kind === 'queries') {
    const [events, total] = [exprOf(sli.events), exprOf(sli.total)];
    const found = events && total && ratioFault(events, total);
    return found && !(found.kind === 'per-series' && grouping.length > 0)
      ? [aggregationFault(found, sli.events)]
      : [];
  }
  if (sli.kind !== 'raw') return [];
  const expr = exprOf(sli.ratio);
  const divisions = expr ? divisionsOf(expr) : [];
  const unguarded = divisions.find(({ right }) => !isGuarded(right));
  const found = divisions.map(({ left, right, matching }) => ratioFault(left, right, matching)).find(Boolean);
  return [
    ...(found ? [aggregationFault(found, sli.ratio)] : []),
    ...(unguarded ? [nanFault(sli.ratio)] : []),
    sliceFault(sli.ratio),
  ];
}

function aggregationFault(found: RatioFault, { text }: WindowedQuery): Fault {
  const message =
    found.kind === 'always-one'
      ? `the ratio is always 1: numerator and denominator are matched on ${found.label}, so that each series of ${found.text} is divided by itself`
      : `without sum(…) around numerator and denominator there is a ratio for each series, and none for the service`;
  return { code: 'missing-aggregation', message, remedy: 'write sum(…) / sum(…)', at: text };
}

const nanFault = ({ text }: WindowedQuery): Fault => ({
  code: 'no-traffic-nan',
  message:
    'without traffic this divides 0 by 0: the result is NaN, and a single NaN makes every average over it NaN',
  remedy: 'compare the denominator: … / (… > 0) has no result instead',
  at: text,
});

const sliceFault = ({ text }: WindowedQuery): Fault => ({
  code: 'equal-weight-slices',
  message: `a ratio tells no number of events: each ${formatDuration(SOME_WINDOW)} weighs the same in the budget, a night with one request as much as the busiest hour`,
  remedy: 'give counters of good or bad and of all events',
  at: text,
});
