import type { Slo } from '../model.ts';
import type { BurnTier } from '../policies/policy.ts';
import type { Fault } from './fault.ts';

/** Where alerts with given labels go. */
export interface Routing {
  /** The receivers by name, and whether each tells anybody; one at least. */
  receiversOf(labels: Readonly<Record<string, string>>): readonly { name: string; tells: boolean }[];
}

/** Alerts that are routed to receivers without any integration alone. */
export function routeFaults(slo: Slo, routing: Routing): Fault[] {
  return slo.policy.tiers.flatMap(tier => {
    const receivers = routing.receiversOf(labelsOf(slo, tier));
    if (receivers.some(({ tells }) => tells)) return [];
    const names = receivers.map(({ name }) => name).join(', ');
    return [
      {
        code: 'no-receiver',
        message: `alert ${slo.alertPrefix}${tier.suffix} (severity ${tier.severity}) is routed to ${names}, which tells nobody`,
        remedy: 'add a route that matches its labels, or give the receiver an integration',
      },
    ];
  });
}

/** The labels of the alerts that are generated for a tier. */
const labelsOf = ({ alertPrefix, labels, service, name }: Slo, { suffix, severity }: BurnTier) => ({
  ...labels,
  alertname: `${alertPrefix}${suffix}`,
  service,
  slo: name,
  severity,
});
