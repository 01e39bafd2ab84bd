import { type Milliseconds, type Ratio, type Seconds, toSeconds } from '../../core/index.ts';
import {
  budgetDuration,
  budgetEvents,
  errorBudget,
  errorRatioThreshold,
  timeToExhaust,
  burnRate as toBurnRate,
} from '../budget.ts';
import { failuresToFire, recommendedMinimumEvents } from '../low-traffic.ts';
import type { Slo } from '../model.ts';
import type { BurnTier, Severity } from '../policies/policy.ts';
import { predictDetection, predictReset } from '../predict.ts';
import { windowLength } from '../time-window.ts';

export interface ExplainOptions {
  /** Healthy traffic before the errors begin; `undefined` is as much as the longest window holds. */
  readonly histories: readonly (Seconds | undefined)[];
  /** Events a second, where it is known. */
  readonly rate?: number | undefined;
}

/** What an objective and its alerts mean, in numbers. Infinity stands for "never". */
export interface Explanation {
  readonly slo: Slo;
  readonly window: Milliseconds;
  readonly budget: {
    /** 1 − objective. */
    readonly ratio: Ratio;
    /** How long everything may fail in one window. */
    readonly seconds: Seconds;
    /** How many events may fail in one window, and of how many; undefined without a rate. */
    readonly events: { readonly failed: number; readonly all: number; readonly rate: number } | undefined;
  };
  readonly alerts: readonly AlertMeaning[];
  readonly courses: readonly ErrorCourse[];
  /** Below it a single failure may page; undefined when no alert pages. */
  readonly recommendedMinimumEvents: number | undefined;
}

export interface AlertMeaning {
  readonly name: string;
  readonly severity: Severity;
  readonly tier: BurnTier;
  /** It fires while more than this share of the events fails over both windows. */
  readonly threshold: Ratio;
  /** How long the whole budget lasts at its burn rate. */
  readonly exhaustsAfter: Seconds;
  /** How many failures make it fire at the rate; undefined without one. */
  readonly failures: number | undefined;
}

/** A steady share of errors from some instant on. */
export interface ErrorCourse {
  /** `100 %`, `2× budget`. */
  readonly title: string;
  readonly errorRatio: Ratio;
  readonly burnRate: number;
  /** How long the whole budget lasts. */
  readonly exhaustsAfter: Seconds;
  /** For each alert, in the order of `alerts`. */
  readonly alerts: readonly AlertCourse[];
}

export interface AlertCourse {
  /** From the first error until it fires, for each of the histories; Infinity when it never does. */
  readonly firesAfter: readonly Seconds[];
  /** From the end of the errors until it is over, when they have lasted longer than its windows; 0 when it never fires. */
  readonly endsAfter: Seconds;
}

const RATIOS: readonly (readonly [title: string, of: (budget: Ratio) => Ratio])[] = [
  ['100 %', () => 1],
  ['50 %', () => 0.5],
  ['10 %', () => 0.1],
  ['5 %', () => 0.05],
  ['2× budget', budget => 2 * budget],
];

/** The table that teaches: see `predictDetection` and `predictReset` for what it assumes. */
export function explainSlo(slo: Slo, { histories, rate }: ExplainOptions): Explanation {
  const { objective, policy } = slo;
  const window = windowLength(slo.window);
  const budget = errorBudget(objective);
  return {
    slo,
    window,
    budget: {
      ratio: budget,
      seconds: budgetDuration({ objective, window }),
      events:
        rate === undefined
          ? undefined
          : { failed: budgetEvents({ objective, window }, rate), all: rate * toSeconds(window), rate },
    },
    alerts: policy.tiers.map(tier => ({
      name: `${slo.alertPrefix}${tier.suffix}`,
      severity: tier.severity,
      tier,
      threshold: errorRatioThreshold(objective, tier.burn),
      exhaustsAfter: timeToExhaust(window, tier.burn),
      failures: rate === undefined ? undefined : failuresToFire(objective, tier, rate),
    })),
    courses: RATIOS.filter(([, of]) => of(budget) <= 1).map(([title, of]) => {
      const errorRatio = of(budget);
      const burn = toBurnRate(objective, errorRatio);
      return {
        title,
        errorRatio,
        burnRate: burn,
        exhaustsAfter: timeToExhaust(window, burn),
        alerts: policy.tiers.map(tier => courseOf(objective, tier, errorRatio, histories)),
      };
    }),
    recommendedMinimumEvents: recommendedMinimumEvents(objective, policy),
  };
}

function courseOf(
  objective: Ratio,
  tier: BurnTier,
  errorRatio: Ratio,
  histories: ExplainOptions['histories'],
): AlertCourse {
  const full = toSeconds(tier.longWindow);
  const situation = { ...tier, objective, errorRatio };
  const firesAfter = histories.map((healthySeconds = full) => {
    const detection = predictDetection({ ...situation, healthySeconds });
    return detection.outcome === 'never'
      ? Number.POSITIVE_INFINITY
      : detection.crossesAfter + toSeconds(tier.for);
  });
  const lasting = { ...situation, healthySeconds: full, faultSeconds: full };
  return { firesAfter, endsAfter: predictReset(lasting).clearsAfter };
}
