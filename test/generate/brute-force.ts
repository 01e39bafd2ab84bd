import { errorBudget, type Slo } from '../../packages/guard/src/slo/index.ts';

/** The rules of SLOs over `requests_total{status,route}`, computed a second time, from the samples alone. Seconds. */

export interface Sample {
  readonly at: number;
  readonly value: number;
}

export interface Counter {
  readonly status: 'success' | 'error';
  readonly route: string;
  readonly samples: readonly Sample[];
}

/** By the values of the grouping's label; '' without one. */
type ByGroup = Map<string, { total: number; errors: number }>;

/** Prometheus's rate (promql/functions.go, `extrapolatedRate`) over the samples in (end − window, end]. */
export function rate(samples: readonly Sample[], end: number, window: number): number | undefined {
  const within = samples.filter(({ at }) => at > end - window && at <= end);
  const [first, last] = [within[0], within.at(-1)];
  if (!first || !last || within.length < 2) return undefined;
  let increase = last.value - first.value;
  for (const [i, { value }] of within.entries()) {
    const before = within[i - 1];
    if (before && value < before.value) increase += before.value;
  }
  const sampled = last.at - first.at;
  const mean = sampled / (within.length - 1);
  let toStart = first.at - (end - window);
  let toEnd = end - last.at;
  if (toStart >= mean * 1.1) toStart = mean / 2;
  if (increase > 0 && first.value >= 0) toStart = Math.min(toStart, sampled * (first.value / increase));
  if (toEnd >= mean * 1.1) toEnd = mean / 2;
  return (increase * ((sampled + toStart + toEnd) / sampled)) / window;
}

export interface BruteForce {
  /** Burn rates over a window at an instant. */
  burn(window: number, at: number): Map<string, number>;
  budgetRemaining(at: number): Map<string, number>;
}

/** @param instants at which rules were evaluated, in order */
export function bruteForce(slo: Slo, counters: readonly Counter[], instants: readonly number[]): BruteForce {
  const groupOf = ({ route }: Counter) => (slo.grouping.length > 0 ? route : '');
  const { budgeting } = slo;
  const excludes = slo.exclusions.maintenance.length > 0;

  const isExcluded = (at: number, window: number) =>
    slo.exclusions.maintenance.some(({ from, to }) => at > from / 1000 && at < to / 1000 + window);

  function direct(at: number, window: number): ByGroup {
    const groups: ByGroup = new Map();
    if (isExcluded(at, window)) return groups;
    for (const counter of counters) {
      const value = rate(counter.samples, at, window);
      if (value === undefined) continue;
      const known = groups.get(groupOf(counter)) ?? { total: 0, errors: 0 };
      const errors = known.errors + (counter.status === 'error' ? value : 0);
      groups.set(groupOf(counter), { total: known.total + value, errors });
    }
    return groups;
  }

  function base(at: number): ByGroup {
    if (budgeting.method === 'occurrences') return direct(at, 300);
    const slices = [...direct(at, budgeting.slice / 1000)].filter(([, { total }]) => total > 0);
    return new Map(
      slices.map(([group, { total, errors }]) => {
        const share = errors / total;
        const isBad = budgeting.method === 'timeslices' && share > errorBudget(budgeting.target);
        return [group, { total: 1, errors: budgeting.method === 'timeslices' ? Number(isBad) : share }];
      }),
    );
  }

  const bases = new Map(instants.map(at => [at, base(at)]));

  function summed(at: number, window: number): ByGroup {
    const groups: ByGroup = new Map();
    for (const [instant, values] of bases) {
      if (instant <= at - window || instant > at) continue;
      for (const [group, { total, errors }] of values) {
        const known = groups.get(group) ?? { total: 0, errors: 0 };
        groups.set(group, { total: known.total + total, errors: known.errors + errors });
      }
    }
    return groups;
  }

  const ratios = (groups: ByGroup, value: (ratio: number) => number) =>
    new Map(
      [...groups]
        .filter(([, { total }]) => total > 0)
        .map(([group, { total, errors }]) => [group, value(errors / total)] as const),
    );
  const budget = errorBudget(slo.objective);

  return {
    burn(window, at) {
      const fromCounters = budgeting.method === 'occurrences' && (window <= 300 || !excludes);
      return ratios(fromCounters ? direct(at, window) : summed(at, window), ratio => ratio / budget);
    },
    budgetRemaining: at => ratios(summed(at, Number.POSITIVE_INFINITY), ratio => 1 - ratio / budget),
  };
}
