import { compareStrings, type Milliseconds, type Problem } from '../../core/index.ts';
import type { Slo, SloModel } from '../model.ts';
import { type Level, LINT_CODE_NAMES, LINT_CODES, type LintCode, levelOf, type Need } from './codes.ts';
import type { Fault } from './fault.ts';
import type { LiveMetrics } from './live.ts';
import { selectorFaults } from './live-selectors.ts';
import { groupingFaults, liveShortWindowFaults, trafficFaults } from './live-traffic.ts';
import {
  type Compat,
  compatFaults,
  duplicateNames,
  nativeHistogramFaults,
  retentionFaults,
} from './model-checks.ts';
import { createPlaces } from './place.ts';
import { policyFaults, shortWindowFaults } from './policy-checks.ts';
import { queryFaults } from './query-checks.ts';
import { type Routing, routeFaults } from './route-checks.ts';

export interface LintOptions {
  /** The texts of the files by the names that positions have, for excerpts. */
  readonly texts: ReadonlyMap<string, string>;
  /** Between two samples of a series. By default what `live` shows, and without it Prometheus's own default. */
  readonly scrapeInterval?: Milliseconds | undefined;
  readonly compat?: Compat | undefined;
  /** How long samples are kept, where it is known. */
  readonly retention?: Milliseconds | undefined;
  readonly live?: LiveMetrics | undefined;
  readonly routing?: Routing | undefined;
}

export interface Finding extends Problem {
  readonly level: Level;
  readonly slo?: { readonly service: string; readonly name: string };
}

export interface LintReport {
  /** By file, place and code. */
  readonly findings: readonly Finding[];
  readonly slos: number;
  /** What was looked for, and what was not for want of something to ask. */
  readonly checked: readonly LintCode[];
  readonly unchecked: readonly LintCode[];
}

/** Of Prometheus, where its configuration says nothing. */
const DEFAULT_SCRAPE_INTERVAL: Milliseconds = 60_000;

/** Objectives that are asked about live at the same time. */
const LIVE_AT_ONCE = 4;

/** Runs every check that can be run on every objective. @throws what `live` throws */
export async function lintModel({ slos, warnings }: SloModel, options: LintOptions): Promise<LintReport> {
  const { live } = options;
  const scrapeInterval = options.scrapeInterval ?? (live ? undefined : DEFAULT_SCRAPE_INTERVAL);
  const places = createPlaces(options.texts);
  const duplicates = duplicateNames(slos);
  const told = new Set(warnings.map(toldKey));
  const place = (slo: Slo, { at, ...fault }: Fault): Finding => ({
    ...fault,
    ...places.find(slo.source, at),
    level: levelOf(fault.code),
    slo: { service: slo.service, name: slo.name },
  });
  const found: Finding[] = warnings.map(warning => ({ ...warning, level: levelOf(warning.code) }));
  for (const slo of slos) {
    const faults = [...offlineFaults(slo, { ...options, scrapeInterval }), ...(duplicates.get(slo) ?? [])];
    for (const fault of faults) {
      // What the reader warned of stands at its very field already.
      const finding = place(slo, fault);
      if (!told.has(toldKey(finding))) found.push(finding);
    }
  }
  if (live) {
    const faults = await inTurns(slos, slo => liveFaults(slo, live, scrapeInterval));
    slos.forEach((slo, i) => {
      found.push(...faults[i]!.map(fault => place(slo, fault)));
    });
  }
  return { findings: found.sort(byPlace), slos: slos.length, ...coverageOf(options) };
}

const offlineFaults = (slo: Slo, { scrapeInterval, compat, retention, routing }: LintOptions): Fault[] => [
  ...policyFaults(slo),
  ...(scrapeInterval === undefined ? [] : shortWindowFaults(slo, scrapeInterval)),
  ...queryFaults(slo),
  ...nativeHistogramFaults(slo),
  ...compatFaults(slo, compat),
  ...(retention === undefined ? [] : retentionFaults(slo, retention)),
  ...(routing === undefined ? [] : routeFaults(slo, routing)),
];

async function liveFaults(slo: Slo, live: LiveMetrics, given: Milliseconds | undefined): Promise<Fault[]> {
  const found = await Promise.all([
    selectorFaults(slo, live),
    groupingFaults(slo, live),
    trafficFaults(slo, live),
    given === undefined ? liveShortWindowFaults(slo, live) : [],
  ]);
  return found.flat();
}

/** The results in the order of the items, a few at a time. */
async function inTurns<T, R>(items: readonly T[], run: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const work = async () => {
    for (let i = next++; i < items.length; i = next++) results[i] = await run(items[i]!);
  };
  await Promise.all(Array.from({ length: LIVE_AT_ONCE }, work));
  return results;
}

function coverageOf({ live, retention, routing }: LintOptions) {
  const has: Record<Need, boolean> = {
    files: true,
    prometheus: live !== undefined,
    retention: retention !== undefined,
    alertmanager: routing !== undefined,
  };
  const isChecked = (code: LintCode) => has[LINT_CODES[code].needs];
  return {
    checked: LINT_CODE_NAMES.filter(isChecked),
    unchecked: LINT_CODE_NAMES.filter(code => !isChecked(code)),
  };
}

const toldKey = ({ code, message, position }: Problem) => JSON.stringify([code, message, position?.file]);

const byPlace = (a: Finding, b: Finding) =>
  compareStrings(a.position?.file ?? '', b.position?.file ?? '') ||
  (a.position?.line ?? 0) - (b.position?.line ?? 0) ||
  (a.position?.column ?? 0) - (b.position?.column ?? 0) ||
  compareStrings(a.code, b.code);
