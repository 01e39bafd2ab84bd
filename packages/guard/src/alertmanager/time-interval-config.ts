import type { Path } from '../config/index.ts';
import type { ConfigDocument, RouteDocument } from './config-schema.ts';
import type { TimeInterval } from './time-interval.ts';

type Report = (path: Path, code: string, message: string, remedy?: string) => void;

const FIELDS = ['mute_time_intervals', 'time_intervals'] as const;
const ROUTE_FIELDS = ['mute_time_intervals', 'active_time_intervals'] as const;

/** The named time intervals of a file; reports names that stand twice, and routes that use them wrongly. */
export function readTimeIntervals(
  document: ConfigDocument,
  report: Report,
): Map<string, readonly TimeInterval[]> {
  const named = new Map<string, readonly TimeInterval[]>();
  for (const field of FIELDS)
    for (const [i, { name, time_intervals: intervals }] of (document[field] ?? []).entries()) {
      if (named.has(name)) {
        const message = `time interval ${JSON.stringify(name)} is not unique`;
        report([field, i, 'name'], 'duplicate-time-interval', message);
      }
      named.set(name, intervals);
    }
  for (const field of ROUTE_FIELDS)
    if ((document.route[field] ?? []).length > 0) {
      const message = `the root route must not have any ${field}: every alert enters by it`;
      report(['route', field], 'root-route-times', message);
    }
  checkRoute(document.route, ['route'], named, report);
  return named;
}

function checkRoute(
  route: RouteDocument,
  path: Path,
  named: ReadonlyMap<string, unknown>,
  report: Report,
): void {
  for (const field of ROUTE_FIELDS)
    for (const [i, name] of (route[field] ?? []).entries())
      if (!named.has(name)) {
        const message = `there is no time interval named ${JSON.stringify(name)}`;
        report([...path, field, i], 'unknown-time-interval', message, 'name it under time_intervals:');
      }
  for (const [i, child] of (route.routes ?? []).entries())
    checkRoute(child, [...path, 'routes', i], named, report);
}
