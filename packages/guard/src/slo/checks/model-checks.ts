import { formatDuration, type Milliseconds } from '../../core/index.ts';
import type { Slo } from '../model.ts';
import { windowLength } from '../time-window.ts';
import type { Fault } from './fault.ts';

/** Whose output is asked for; undefined for the native flavour. */
export type Compat = 'sloth' | 'pyrra';

/** Indicators that only a real Prometheus can evaluate. */
export const nativeHistogramFaults = ({ sli }: Slo): Fault[] =>
  sli.kind === 'native-latency'
    ? [
        {
          code: 'native-histogram',
          message:
            'the embedded engine keeps no native histograms: this objective has data in a real Prometheus only',
          remedy: 'run its rules there, or count a bucket of a classic histogram',
          at: sli.histogram,
        },
      ]
    : [];

/** What Sloth's own rules get wrong, and compatible output keeps (see docs/compat.md). */
export function compatFaults({ sli }: Slo, compat: Compat | undefined): Fault[] {
  // Of ratios by an author's own hand the same is told without compatibility.
  if (compat !== 'sloth' || sli.kind === 'raw') return [];
  return [
    {
      code: 'equal-weight-slices',
      message:
        'in Sloth’s rules each 5m weighs the same in the budget, whatever its traffic: errors of a busy hour count manyfold too little',
      remedy:
        'generate without --compat, or know that the budget of a service with quiet hours is not event-weighted',
    },
    {
      code: 'no-traffic-nan',
      message:
        'Sloth’s rules divide by all events as they are: without traffic that is NaN, and a single NaN makes the budget of the whole period NaN',
      remedy: 'generate without --compat, or see that there is always some traffic',
    },
  ];
}

/** @param retention how long samples are kept */
export function retentionFaults({ window, policy }: Slo, retention: Milliseconds): Fault[] {
  const longest = Math.max(windowLength(window), ...policy.tiers.map(({ longWindow }) => longWindow));
  if (longest <= retention) return [];
  return [
    {
      code: 'window-longer-than-retention',
      message: `samples are kept for ${formatDuration(retention)}, and this objective looks back ${formatDuration(longest)}: its budget would forget failures while they still count`,
      remedy: `keep samples for at least ${formatDuration(longest + 86_400_000)} (--storage.tsdb.retention.time), or shorten the window`,
    },
  ];
}

/** Faults of the objectives whose alerts or aliases bear a name that an earlier one has: the first of each alike. */
export function duplicateNames(slos: readonly Slo[]): Map<Slo, Fault[]> {
  const found = new Map<Slo, Fault[]>();
  const seen = new Map<string, Slo>();
  for (const slo of slos) {
    const told = new Set<string>();
    for (const [what, name] of namesOf(slo)) {
      const first = seen.get(name);
      if (!first) seen.set(name, slo);
      else if (first !== slo && !told.has(what)) {
        told.add(what);
        found.set(slo, [...(found.get(slo) ?? []), duplicate(what, name, first)]);
      }
    }
  }
  return found;
}

const namesOf = ({ alertPrefix, policy, recordAlias }: Slo): [what: string, name: string][] => [
  ...policy.tiers.map(({ suffix }): [string, string] => ['alert', `${alertPrefix}${suffix}`]),
  ...(recordAlias === undefined ? [] : [['record alias', recordAlias] as [string, string]]),
];

const duplicate = (what: string, name: string, first: Slo): Fault => ({
  code: 'duplicate-name',
  message: `${what} ${name} is also that of ${first.service}/${first.name}: silences, inhibition and runbook links take the two for one`,
  remedy: 'give one of them another name',
  at: name,
});
