import { impossibleAlerts } from './lint.ts';
import type { Policy } from './policies/policy.ts';
import type { Warning } from './warnings.ts';

type Shape = Parameters<typeof impossibleAlerts>[0];

/**
 * A policy without the alerts that could never fire, and a warning for each: for formats whose policy is not their
 * authors' choice, so that nobody could do anything about it.
 */
export function reachableOnly(shape: Shape): {
  readonly policy: Policy;
  readonly leftOut: readonly Omit<Warning, 'position' | 'excerpt'>[];
} {
  const { policy } = shape;
  const judged = policy.tiers.map(tier => ({
    tier,
    fault: impossibleAlerts({ ...shape, policy: { ...policy, tiers: [tier] } }).find(
      ({ code }) => code === 'unreachable-threshold',
    ),
  }));
  return {
    policy: { ...policy, tiers: judged.filter(({ fault }) => !fault).map(({ tier }) => tier) },
    leftOut: judged.flatMap(({ fault }) =>
      fault
        ? [
            {
              code: 'unreachable-threshold',
              message: `${fault.message}; it is left out`,
              remedy: 'raise the objective to have it',
            } as const,
          ]
        : [],
    ),
  };
}
