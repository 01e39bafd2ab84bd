import { formatDuration, formatFloat, type Milliseconds, milliseconds, toSeconds } from '../../core/index.ts';
import { failuresToFire, leastEvents, leastRate, recommendedMinimumEvents } from '../low-traffic.ts';
import type { Slo } from '../model.ts';
import type { BurnTier } from '../policies/policy.ts';
import { countersOf, totalRateOf } from './counters.ts';
import type { Fault } from './fault.ts';
import type { LiveMetrics } from './live.ts';
import { shortWindowFaults } from './policy-checks.ts';

const SAMPLED: Milliseconds = 600_000;
const LEAST_SAMPLES = 4;

/** Each group has some twenty series of its own in every objective. */
const MANY_GROUPS = 100;

/** Whether the labels of the grouping have so many live values that rules and alerts grow out of hand. */
export async function groupingFaults({ sli, grouping }: Slo, live: LiveMetrics): Promise<Fault[]> {
  const [total] = countersOf(sli);
  if (grouping.length === 0 || !total) return [];
  const groups = await live.number(`count(count by (${grouping.join(', ')}) (${total.selector}))`);
  if (groups === undefined || groups <= MANY_GROUPS) return [];
  return [
    {
      code: 'exploding-grouping',
      message: `grouping by ${grouping.join(', ')} makes ${groups} groups of the live series, and as many of every series and alert of this objective`,
      remedy: `group by labels with few values; more than ${MANY_GROUPS} groups are seldom looked at`,
    },
  ];
}

/** As `shortWindowFaults`, by how many samples the fastest of the live series has. */
export async function liveShortWindowFaults(slo: Slo, live: LiveMetrics): Promise<Fault[]> {
  const [total] = countersOf(slo.sli);
  if (!total) return [];
  const samples = await live.number(`max(count_over_time(${total.selector}[${formatDuration(SAMPLED)}]))`);
  // A service that has just started has fewer samples than its interval would give.
  if (samples === undefined || samples < LEAST_SAMPLES) return [];
  return shortWindowFaults(slo, milliseconds(SAMPLED / samples));
}

/** What the live traffic means for the alerts: pages for a single failure, and minimums that are never reached. */
export async function trafficFaults(slo: Slo, live: LiveMetrics): Promise<Fault[]> {
  const pages = slo.policy.tiers.filter(({ severity }) => severity === 'page');
  if (pages.length === 0) return [];
  const longest = Math.max(...pages.map(({ longWindow }) => longWindow));
  const expr = totalRateOf(slo.sli, formatDuration(longest), slo.grouping);
  // The quietest group is the first to be paged for a single failure.
  const rate = expr === undefined ? undefined : await live.number(`min(${expr})`);
  if (rate === undefined) return [];
  return slo.minimumEvents === undefined
    ? lowTraffic(slo, pages, rate)
    : tooHighMinimum(pages, slo.minimumEvents, rate);
}

function lowTraffic({ objective, policy }: Slo, pages: readonly BurnTier[], rate: number): Fault[] {
  const jumpy = pages.find(tier => failuresToFire(objective, tier, rate) === 1);
  if (!jumpy) return [];
  const long = formatDuration(jumpy.longWindow);
  return [
    {
      code: 'low-traffic',
      message: `${events(rate * toSeconds(jumpy.longWindow))} in ${long}: a single failure among fewer than ${leastEvents(objective, jumpy.burn)} is above the threshold of alert ${jumpy.suffix}, and pages`,
      remedy: `set the minimum of events to ${recommendedMinimumEvents(objective, policy)} (annotation slo-guard/minimum-events), choose longer windows, count several services together, or send synthetic traffic; from ${perHour(leastRate(objective, jumpy))} on a page needs two failures`,
    },
  ];
}

function tooHighMinimum(pages: readonly BurnTier[], minimum: number, rate: number): Fault[] {
  const deaf = pages.filter(({ shortWindow }) => rate * toSeconds(shortWindow) < minimum);
  return deaf.map(({ suffix, shortWindow }) => ({
    code: 'minimum-events-too-high',
    message: `alert ${suffix} needs ${events(minimum)} in ${formatDuration(shortWindow)}, and the live traffic brings ${events(rate * toSeconds(shortWindow))}: it cannot fire`,
    remedy: 'lower the minimum, choose longer windows, or send synthetic traffic',
  }));
}

const events = (count: number) => {
  const shown = formatFloat(Number(count.toPrecision(3)));
  return `${shown} event${shown === '1' ? '' : 's'}`;
};

const perHour = (rate: number) => `${events(rate * 3600)} an hour`;
