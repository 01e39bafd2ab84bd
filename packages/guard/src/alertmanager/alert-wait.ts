import { compareStrings, type Milliseconds } from '../core/index.ts';
import type { AggregationGroup } from './aggregation-group.ts';

/** What has to come before an alert is looked at, in one of its groups. */
export interface AlertWait {
  readonly groupKey: string;
  readonly receiver: string;
  /** `group_wait` until the group has looked at it for the first time, `group_interval` from then on. */
  readonly waitsFor: 'group_wait' | 'group_interval';
  /** Undefined while the router has not begun to notify. */
  readonly until: Milliseconds | undefined;
}

/** Sorted by group key and receiver; of an alert that no group holds, none. */
export function waitsOf(fingerprint: string, groups: readonly AggregationGroup[]): AlertWait[] {
  return groups
    .filter(({ alerts }) => alerts.has(fingerprint))
    .map(
      ({ key, route, hasFlushed, nextFlush }): AlertWait => ({
        groupKey: key,
        receiver: route.receiver,
        waitsFor: hasFlushed ? 'group_interval' : 'group_wait',
        until: nextFlush,
      }),
    )
    .sort((a, b) => compareStrings(a.groupKey, b.groupKey) || compareStrings(a.receiver, b.receiver));
}
