import type { Slo } from '../model.ts';
import type { BurnTier } from '../policies/policy.ts';
import { writtenDuration } from './written.ts';

/** Each tier of an SLO's policy as an alert policy of its own, named after its suffix. */
export const writtenAlertPolicies = (slo: Slo): object[] => slo.policy.tiers.map(tier => policyOf(tier, slo));

function policyOf(tier: BurnTier, { notificationTargets }: Slo): object {
  const targets = tier.notify.map(
    name =>
      notificationTargets.find(target => target.name === name) ?? { name, target: name, description: '' },
  );
  const isSilentAtEnd =
    targets.length > 0 && targets.every(target => 'whenResolved' in target && !target.whenResolved);
  return {
    kind: 'AlertPolicy',
    metadata: { name: tier.suffix },
    spec: {
      alertWhenBreaching: true,
      ...(isSilentAtEnd && { alertWhenResolved: false }),
      conditions: [conditionOf(tier)],
      ...(targets.length > 0 && {
        notificationTargets: targets.map(({ name, target, description }) => ({
          kind: 'AlertNotificationTarget',
          metadata: { name },
          spec: { target, ...(description && { description }) },
        })),
      }),
    },
  };
}

function conditionOf({ suffix, severity, burn, shortWindow, longWindow, for: wait }: BurnTier): object {
  const annotations = { 'slo-guard/short-window': writtenDuration(shortWindow) };
  return {
    kind: 'AlertCondition',
    metadata: { name: suffix, ...(shortWindow !== longWindow && { annotations }) },
    spec: {
      severity,
      condition: {
        kind: 'burnrate',
        op: 'gt',
        threshold: burn,
        lookbackWindow: writtenDuration(longWindow),
        ...(wait > 0 && { alertAfter: writtenDuration(wait) }),
      },
    },
  };
}
