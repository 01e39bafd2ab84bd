import { LINK_PREFIX } from '../annotations.ts';
import type { Maintenance, Slo } from '../model.ts';
import { writtenDuration } from './written.ts';

const instant = (milliseconds: number) => new Date(milliseconds).toISOString();

const interval = ({ from, to }: Maintenance) => `${instant(from)}/${instant(to)}`;

/** What OpenSLO lacks, and the user's own annotations. `policy` is named where its name alone gives it. */
export function writtenAnnotations(slo: Slo, policy: string | undefined): Record<string, string> {
  const { guard, maintenance } = slo.exclusions;
  const ours: Record<string, string | undefined> = {
    'slo-guard/policy': policy,
    'slo-guard/alert-name': slo.alertPrefix,
    'slo-guard/record-alias': slo.recordAlias,
    'slo-guard/minimum-events': slo.minimumEvents?.toString(),
    'slo-guard/group-by': slo.grouping.length === 0 ? undefined : slo.grouping.join(', '),
    'slo-guard/exclude-when': guard,
    'slo-guard/maintenance': maintenance.length === 0 ? undefined : maintenance.map(interval).join(', '),
    'slo-guard/absent': slo.absent && `${writtenDuration(slo.absent.for)} ${slo.absent.severity}`,
    'slo-guard/owner': slo.owner,
    'slo-guard/histogram': slo.sli.kind === 'native-latency' ? 'native' : undefined,
  };
  const links = Object.entries(slo.links).map(
    ([name, address]) => [`${LINK_PREFIX}${name}`, address] as const,
  );
  const given = Object.entries(ours).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...Object.fromEntries([...given, ...links]), ...slo.annotations };
}
