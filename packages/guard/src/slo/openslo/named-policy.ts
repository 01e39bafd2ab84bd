import type { Milliseconds } from '../../core/index.ts';
import { scalePolicy } from '../policies/scale.ts';
import type { Alerting } from './alerting.ts';
import type { Context, Place } from './context.ts';

const DEFAULT_POLICY = 'seed';

/** The policy of that name, scaled to the SLO's window; undefined, and told, when there is none. */
export function namedAlerting(
  name: string = DEFAULT_POLICY,
  period: Milliseconds,
  { source, path }: Place,
  { policies, report }: Context,
): Alerting | undefined {
  const policy = policies.get(name);
  if (policy) return { policy: scalePolicy(policy, period), absent: undefined, notificationTargets: [] };
  report.problem(
    source.problemAt(path, {
      code: 'unknown-policy',
      message: `there is no policy named ${JSON.stringify(name)}`,
      remedy: `known here: ${policies.names.join(', ')}`,
    }),
  );
  return undefined;
}
