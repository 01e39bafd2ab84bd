import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { formatDuration } from '../../packages/guard/src/core/index.ts';
import { exampleSlo } from '../../packages/guard/src/generate/example-slo.testing.ts';
import { generateRules, ruleGroups } from '../../packages/guard/src/generate/index.ts';
import { loadRuleFile } from '../../packages/guard/src/rules/index.ts';
import { policyOf, type Slo, windowsOf } from '../../packages/guard/src/slo/index.ts';
import { createBench } from './bench.ts';
import { bruteForce, type Counter } from './brute-force.ts';
import { VARIED_SLOS } from './varied-slos.ts';

const SEED = 6;
const SCRAPE = 15;
const INTERVAL = 30;

/** Pieces of the varied SLOs put together at random: every valid model is one of these, give or take its figures. */
const anySlo: fc.Arbitrary<Slo> = fc
  .tuple(
    ...Array.from({ length: 8 }, () => fc.nat({ max: VARIED_SLOS.length - 1 })),
    fc.double({ min: 0.94, max: 0.99999, noNaN: true }),
    fc.string(),
  )
  .map(([a, b, c, d, e, f, g, h, objective, text]) => {
    const of = (i: unknown) => VARIED_SLOS[i as number]!;
    return exampleSlo({
      sli: of(a).sli,
      grouping: of(b).grouping,
      window: of(c).window,
      budgeting: of(d).budgeting,
      exclusions: of(e).exclusions,
      policy: of(f).policy,
      minimumEvents: of(g).minimumEvents,
      absent: of(h).absent,
      objective: objective as number,
      displayName: text as string,
      description: text as string,
    });
  });

describe('the rules of any SLO', () => {
  it('are read by the strict reader as they are meant, and record no series twice', () => {
    fc.assert(
      fc.property(anySlo, slo => {
        const text = generateRules({ slos: [slo] });
        const groups = ruleGroups({ slos: [slo] });
        expect(parse(text)).toEqual({ groups });
        const loaded = loadRuleFile('rules.yml', text).groups;
        expect(loaded.map(({ rules }) => rules.length)).toEqual(groups.map(({ rules }) => rules.length));
        const recorded = groups.flatMap(({ rules }) =>
          rules.flatMap(rule => ('record' in rule ? JSON.stringify([rule.record, rule.labels]) : [])),
        );
        expect(new Set(recorded).size).toBe(recorded.length);
      }),
      { numRuns: 60, seed: SEED },
    );
  });
});

interface Phase {
  readonly minutes: number;
  /** Events between two scrapes. */
  readonly good: number;
  readonly bad: number;
  readonly begins: 'on' | 'with a restart' | 'with other labels' | 'after a gap';
}

const anyPhase: fc.Arbitrary<Phase> = fc.record({
  minutes: fc.integer({ min: 2, max: 12 }),
  good: fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 500 }) },
    { weight: 1, arbitrary: fc.constant(0) },
  ),
  bad: fc.oneof(
    { weight: 2, arbitrary: fc.integer({ min: 1, max: 80 }) },
    { weight: 1, arbitrary: fc.constant(0) },
  ),
  begins: fc.constantFrom('on', 'on', 'with a restart', 'with other labels', 'after a gap'),
});

interface Traffic {
  readonly counters: readonly Counter[];
  readonly end: number;
  /** All events, those of the scrape in which a series was born left out: no rate can know them. */
  readonly events: { readonly good: number; readonly bad: number };
  /** The most events that one stretch of five minutes and two scrapes holds. */
  readonly busiest: number;
  /** Births and restarts of counters, and gaps. */
  readonly breaks: number;
}

const GAP = 120;

function trafficOf(phases: readonly Phase[], route: string): Traffic {
  const counters: {
    status: 'success' | 'error';
    route: string;
    pod: number;
    samples: { at: number; value: number }[];
  }[] = [];
  const perScrape: number[] = [];
  const events = { good: 0, bad: 0 };
  let [time, pod, breaks] = [0, 0, 0];
  let values = { good: 0, bad: 0 };
  const seriesOf = (status: 'success' | 'error') => {
    const known = counters.find(each => each.status === status && each.pod === pod);
    if (known) return known.samples;
    const made = { status, route, pod, samples: [] };
    counters.push(made);
    return made.samples;
  };
  for (const { minutes, good, bad, begins } of phases) {
    if (begins !== 'on') breaks += 1;
    if (begins === 'with other labels') pod += 1;
    if (begins === 'with other labels' || begins === 'with a restart') values = { good: 0, bad: 0 };
    if (begins === 'after a gap') time += GAP;
    for (let i = 0; i < (minutes * 60) / SCRAPE; i++) {
      time += SCRAPE;
      const [ok, failed] = [seriesOf('success'), seriesOf('error')];
      const isBorn = ok.length === 0;
      values = { good: values.good + good, bad: values.bad + bad };
      if (!isBorn) {
        events.good += good;
        events.bad += bad;
      }
      perScrape.push(good + bad);
      ok.push({ at: time, value: values.good });
      failed.push({ at: time, value: values.bad });
    }
  }
  const stretch = 300 / SCRAPE + 2;
  const busiest = Math.max(
    ...perScrape.map((_, i) => perScrape.slice(i, i + stretch).reduce((sum, n) => sum + n, 0)),
  );
  return {
    counters: counters.map((each, i) => ({ ...each, pod: String(i) })),
    end: time,
    events,
    busiest,
    breaks,
  };
}

async function evaluated(slo: Slo, traffic: readonly Traffic[]) {
  const settings = { interval: INTERVAL * 1000, periodInterval: INTERVAL * 1000 };
  const bench = createBench(generateRules({ slos: [slo] }, settings));
  const counters = traffic.flatMap(each => each.counters);
  const labelsOf = (counter: Counter, pod: number) => ({
    __name__: 'requests_total',
    status: counter.status,
    route: counter.route,
    pod: String(pod),
  });
  const end = Math.ceil(Math.max(...traffic.map(each => each.end)) / INTERVAL) * INTERVAL;
  const instants: number[] = [];
  for (let at = SCRAPE; at <= end; at += SCRAPE) {
    for (const [pod, counter] of counters.entries()) {
      const sample = counter.samples.find(each => each.at === at);
      if (sample) bench.write(at, labelsOf(counter, pod), sample.value);
    }
    if (at % INTERVAL !== 0) continue;
    instants.push(at);
    await bench.evaluate(at);
  }
  return { bench, counters, instants, end };
}

const keyOf = (slo: Slo, group: string) =>
  JSON.stringify({ ...(slo.grouping.length > 0 && { route: group }), service: slo.service, slo: slo.name });

function expectSame(
  slo: Slo,
  found: Record<string, number>,
  expected: ReadonlyMap<string, number>,
  what: string,
) {
  const wanted = new Map([...expected].map(([group, value]) => [keyOf(slo, group), value]));
  expect([what, Object.keys(found).sort()]).toEqual([what, [...wanted.keys()].sort()]);
  for (const [key, value] of wanted) {
    const error = Math.abs(found[key]! - value) / Math.max(1, Math.abs(value));
    expect([what, error < 1e-9]).toEqual([what, true]);
  }
}

const counted = fc.constantFrom<Slo['sli']>(
  { kind: 'ratio', counts: 'bad', events: 'requests_total{status="error"}', total: 'requests_total' },
  { kind: 'ratio', counts: 'good', events: 'requests_total{status="success"}', total: 'requests_total' },
  {
    kind: 'queries',
    counts: 'bad',
    events: {
      text: '',
      over: window => `sum by (route) (rate(requests_total{status="error"}[${formatDuration(window)}]))`,
    },
    total: { text: '', over: window => `sum by (route) (rate(requests_total[${formatDuration(window)}]))` },
  },
);

const evaluable = fc.record({
  sli: counted,
  grouping: fc.constantFrom([], ['route']),
  objective: fc.constantFrom(0.99, 0.999, 0.95),
  policy: fc.constantFrom(policyOf('seed'), policyOf('google-30d')),
  budgeting: fc.constantFrom<Slo['budgeting']>(
    { method: 'occurrences' },
    { method: 'occurrences' },
    { method: 'timeslices', target: 0.937, slice: 120_000 },
    { method: 'ratio-timeslices', slice: 60_000 },
  ),
  exclusions: fc.constantFrom<Slo['exclusions']>(
    { guard: undefined, maintenance: [] },
    { guard: undefined, maintenance: [{ from: 600_000, to: 900_000 }] },
  ),
});

const traffics = fc.tuple(
  fc.array(anyPhase, { minLength: 2, maxLength: 5 }),
  fc.array(anyPhase, { minLength: 1, maxLength: 3 }),
);

describe('what the rules of any SLO record', () => {
  it('is what brute force over the samples gives, within 1e-9', async () => {
    await fc.assert(
      fc.asyncProperty(evaluable, traffics, async (changes, [first, second]) => {
        const slo = exampleSlo(changes);
        const { bench, counters, instants, end } = await evaluated(slo, [
          trafficOf(first, '/a'),
          trafficOf(second, '/b'),
        ]);
        const expected = bruteForce(slo, counters, instants);
        for (const at of [instants[Math.floor(instants.length / 2)]!, end]) {
          for (const window of windowsOf(slo.policy)) {
            const series = `slo:burn_rate:${formatDuration(window)}`;
            expectSame(slo, bench.ask(series, at), expected.burn(window / 1000, at), `${series} at ${at}`);
          }
          const remaining = 'slo:error_budget_remaining:ratio';
          expectSame(slo, bench.ask(remaining, at), expected.budgetRemaining(at), `${remaining} at ${at}`);
        }
      }),
      { numRuns: 10, seed: SEED },
    );
  });

  /**
   * The bound that docs/generate.md states: with M events in the busiest 5 minutes and two scrapes, N in all, and k
   * births, restarts and gaps, the bad share differs from that of the events by at most (1 + k / 10) · M / N.
   */
  it('differs from the count of events by the stated bound at most', async () => {
    const bounds: number[] = [];
    await fc.assert(
      fc.asyncProperty(fc.array(anyPhase, { minLength: 3, maxLength: 12 }), async phases => {
        const traffic = trafficOf(phases, '/a');
        const { good, bad } = traffic.events;
        fc.pre(good + bad > 0);
        const { bench, end } = await evaluated(exampleSlo({ objective: 0.9 }), [traffic]);
        const remaining = bench.value('slo:error_budget_remaining:ratio', end);
        const share = (1 - (remaining ?? 1)) * 0.1;
        const bound = ((1 + traffic.breaks / 10) * traffic.busiest) / (good + bad);
        bounds.push(bound);
        expect(Math.abs(share - bad / (good + bad))).toBeLessThanOrEqual(bound);
      }),
      { numRuns: 12, seed: SEED },
    );
    // Shares are 1 at most: a bound near that would say nothing.
    expect(Math.min(...bounds)).toBeLessThan(0.3);
  });
});
