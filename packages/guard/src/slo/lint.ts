import { formatDuration, formatFloat, type Milliseconds, type Problem, type Ratio } from '../core/index.ts';
import { errorRatioThreshold, highestBurnRate } from './budget.ts';
import type { Policy } from './policies/policy.ts';
import type { Warning } from './warnings.ts';

interface Lintable {
  readonly objective: Ratio;
  readonly window: Milliseconds;
  readonly policy: Policy;
}

type Unplaced<P extends Problem> = Omit<P, 'position' | 'excerpt'>;

/** Above this error ratio a service is all but down before the alert says so. */
const TIGHT = 0.8;

/** Alerts of the policy that could never fire on this objective (`unreachable-threshold`, `window-too-long`). */
export function impossibleAlerts({ objective, window, policy }: Lintable): Unplaced<Problem>[] {
  const highest = highestBurnRate(objective);
  return policy.tiers.flatMap(({ burn, suffix, longWindow }): Unplaced<Problem>[] => [
    ...(burn < highest
      ? []
      : [
          {
            code: 'unreachable-threshold',
            message: `alert ${suffix} of policy ${policy.name} could never fire: it needs a burn rate above ${burn}, and at this objective a total outage burns at ${formatFloat(Number(highest.toPrecision(4)))}`,
            remedy: `raise the objective above ${formatFloat(Number((1 - 1 / burn).toFixed(4)))}, or choose a policy with lower burn rates`,
          },
        ]),
    ...(longWindow <= window
      ? []
      : [
          {
            code: 'window-too-long',
            message: `alert ${suffix} of policy ${policy.name} looks back ${formatDuration(longWindow)}, longer than the objective's window of ${formatDuration(window)}`,
            remedy: 'lengthen timeWindow',
          },
        ]),
  ]);
}

/** Alerts that can fire, yet hardly as meant. */
export function suspiciousAlerts({ objective, window, policy }: Lintable): Unplaced<Warning>[] {
  const tight = policy.tiers.filter(({ burn }) => {
    const threshold = errorRatioThreshold(objective, burn);
    return threshold > TIGHT && threshold < 1;
  });
  return [
    ...tight.map(
      ({ burn, suffix }): Unplaced<Warning> => ({
        code: 'tight-threshold',
        message: `alert ${suffix} fires only when more than ${percent(errorRatioThreshold(objective, burn))} of the events fail`,
        remedy: 'raise the objective, or choose a policy with lower burn rates',
      }),
    ),
    ...policy.tiers
      .filter(({ burn }) => burn < 1)
      .map(
        ({ burn, suffix }): Unplaced<Warning> => ({
          code: 'alert-inside-budget',
          message: `alert ${suffix} of policy ${policy.name} fires at a burn rate of ${formatFloat(burn)}, at which the budget of ${formatDuration(window)} is never spent`,
          remedy: 'use a shorter timeWindow, or a policy whose windows spend a larger share of the budget',
        }),
      ),
  ];
}

const percent = (share: Ratio) => `${formatFloat(Number((share * 100).toPrecision(3)))} %`;
