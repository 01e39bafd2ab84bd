import { compareStrings, formatDuration, milliseconds, parseDuration } from '../../core/index.ts';
import type { AbsentAlert, NotificationTarget } from '../model.ts';
import type { BurnTier, Policy, Severity } from '../policies/policy.ts';
import { shareOfBurn } from '../policies/scale.ts';
import type { AlertConditionSpec, AlertPolicyEntry, AlertPolicySpec } from './alert-schema.ts';
import { type Context, lookUp, type Place, within } from './context.ts';
import { shorthandOf } from './duration.ts';
import type { Metadata } from './fields.ts';
import { pascal } from './names.ts';
import type { DocumentOf } from './read.ts';
import { severityOf } from './severity.ts';

/** What the alert policies of an SLO come to. */
export interface Alerting {
  readonly policy: Policy;
  readonly absent: AbsentAlert | undefined;
  readonly notificationTargets: readonly NotificationTarget[];
}

interface Placed<T> {
  readonly name: string;
  readonly annotations: Metadata['annotations'];
  readonly spec: T;
  readonly place: Place;
}

/** How long data must be missing: longer than a deploy takes. */
const ABSENT_FOR = parseDuration('10m')!;

/** The alert policies of an SLO as one policy of burn-rate tiers, the fastest first; what is wrong is told. */
export function alertingOf(
  entries: readonly AlertPolicyEntry[],
  period: number,
  place: Place,
  context: Context,
): Alerting {
  const policies = entries.flatMap((entry, i) => policyAt(entry, within(place, i), context) ?? []);
  const parts = policies.flatMap(policy => partOf(policy, period, context) ?? []);
  const tiers = parts.flatMap(({ tier }) => tier ?? []).sort((a, b) => b.burn - a.burn);
  const targets = new Map(parts.flatMap(part => part.targets).map(target => [target.name, target]));
  return {
    policy: {
      name: 'alert-policies',
      source: 'alertPolicies of the SLO',
      period: milliseconds(period),
      scaling: 'burn-rates',
      tiers: distinct(tiers, place, context),
    },
    absent: absentOf(parts),
    notificationTargets: [...targets.values()].sort((a, b) => compareStrings(a.name, b.name)),
  };
}

function policyAt(
  entry: AlertPolicyEntry,
  place: Place,
  context: Context,
): Placed<AlertPolicySpec> | undefined {
  if (entry.spec && entry.metadata) {
    const { name, annotations } = entry.metadata;
    return { name, annotations, spec: entry.spec, place: within(place, 'spec') };
  }
  const name = entry.alertPolicyRef!;
  const found = lookUp('AlertPolicy', { name, ...within(place, 'alertPolicyRef') }, context);
  return (
    found && { name, annotations: {}, spec: found.spec, place: { source: found.source, path: ['spec'] } }
  );
}

/** Tells what is wrong with an alert policy that no SLO may use. */
export function checkPolicy({ metadata, spec, source }: DocumentOf<'AlertPolicy'>, context: Context): void {
  const { name, annotations } = metadata;
  partOf({ name, annotations, spec, place: { source, path: ['spec'] } }, ANY_PERIOD, context);
}

/** Nothing that is wrong depends on it. */
const ANY_PERIOD = parseDuration('30d')!;

interface Part {
  /** Undefined when the policy does not alert on burning. */
  readonly tier: BurnTier | undefined;
  readonly absent: Severity | undefined;
  readonly targets: readonly NotificationTarget[];
}

function partOf(
  { name, spec, place }: Placed<AlertPolicySpec>,
  period: number,
  context: Context,
): Part | undefined {
  const condition = conditionOf(spec, place, context);
  const targets = targetsOf(spec, place, context);
  if (!condition) return undefined;
  const severity = severityOf(
    condition.annotations,
    condition.spec.severity,
    within(condition.place, 'spec', 'severity'),
    context,
  );
  const tier = severity && tierOf(name, condition, severity, targets, period, context);
  return {
    // Nothing said means that it alerts: a policy that alerts on nothing is not what was meant.
    tier: spec.alertWhenBreaching === false ? undefined : tier,
    absent: spec.alertWhenNoData === true ? severity : undefined,
    targets,
  };
}

function conditionOf(
  { conditions: [entry] }: AlertPolicySpec,
  place: Place,
  context: Context,
): Placed<AlertConditionSpec> | undefined {
  const at = within(place, 'conditions', 0);
  if (entry!.spec && entry!.metadata) {
    const { name, annotations } = entry!.metadata;
    return { name, annotations, spec: entry!.spec, place: at };
  }
  const name = entry!.conditionRef!;
  const found = lookUp('AlertCondition', { name, ...within(at, 'conditionRef') }, context);
  return (
    found && {
      name,
      annotations: found.metadata.annotations,
      spec: found.spec,
      place: { source: found.source, path: [] },
    }
  );
}

function targetsOf(spec: AlertPolicySpec, place: Place, context: Context): NotificationTarget[] {
  const whenResolved = spec.alertWhenResolved !== false;
  return spec.notificationTargets.flatMap((entry, i) => {
    const at = within(place, 'notificationTargets', i, 'targetRef');
    const found =
      entry.spec && entry.metadata
        ? { metadata: entry.metadata, spec: entry.spec }
        : lookUp('AlertNotificationTarget', { name: entry.targetRef!, ...at }, context);
    if (!found) return [];
    const { target, description = '' } = found.spec;
    return [{ name: found.metadata.name, target, description: description.trim(), whenResolved }];
  });
}

function tierOf(
  policy: string,
  condition: Placed<AlertConditionSpec>,
  severity: Severity,
  targets: readonly NotificationTarget[],
  period: number,
  { report }: Context,
): BurnTier | undefined {
  const { threshold, lookbackWindow, alertAfter = '0m' } = condition.spec.condition;
  const longWindow = shorthandOf(lookbackWindow)!.length;
  const annotated = condition.annotations['slo-guard/short-window'];
  const shortWindow = annotated === undefined ? longWindow : parseDuration(annotated)!;
  const { source, path } = condition.place;
  if (shortWindow > longWindow) {
    report.problem(
      source.problemAt([...path, 'metadata', 'annotations', 'slo-guard/short-window'], {
        code: 'bad-annotation',
        message: `slo-guard/short-window must not be longer than the lookbackWindow of ${lookbackWindow}`,
      }),
    );
    return undefined;
  }
  if (annotated === undefined) {
    const twelfth = formatDuration(Math.max(1, Math.round(longWindow / 12 / 60_000)) * 60_000);
    report.warning({
      ...source.problemAt([...path, 'spec', 'condition', 'lookbackWindow'], {
        code: 'single-window',
        message: `an alert that looks at one window of ${lookbackWindow} stays on for up to ${lookbackWindow} after the burning ends`,
        remedy: `add the annotation slo-guard/short-window: ${twelfth} to the AlertCondition`,
      }),
      code: 'single-window',
    });
  }
  return {
    suffix: pascal(policy),
    severity,
    burn: threshold,
    budgetShare: shareOfBurn(threshold, longWindow, milliseconds(period)),
    shortWindow,
    longWindow,
    for: shorthandOf(alertAfter)?.length ?? milliseconds(0),
    notify: targets.map(({ name }) => name),
  };
}

/** Tiers whose suffixes differ: they end the names of alerts. */
function distinct(tiers: readonly BurnTier[], { source, path }: Place, { report }: Context): BurnTier[] {
  const seen = new Set<string>();
  return tiers.filter(({ suffix }) => {
    if (!seen.has(suffix)) return seen.add(suffix);
    report.problem(
      source.problemAt(path, {
        code: 'duplicate-alert',
        message: `two alert policies give alerts that end in ${suffix}`,
        remedy: 'rename one, or list it once',
      }),
    );
    return false;
  });
}

function absentOf(parts: readonly Part[]): AbsentAlert | undefined {
  const severities = parts.flatMap(({ absent }) => absent ?? []);
  if (severities.length === 0) return undefined;
  return { for: ABSENT_FOR, severity: severities.includes('page') ? 'page' : 'ticket' };
}
