import { type Problem, ratio, toSeconds } from '../../core/index.ts';
import type { Resolved } from '../format.ts';
import { impossibleAlerts, suspiciousAlerts } from '../lint.ts';
import type { AbsentAlert, Sli, Slo } from '../model.ts';
import type { Policy } from '../policies/policy.ts';
import { policyOf } from '../policies/policy-book.ts';
import { scalePolicy } from '../policies/scale.ts';
import { reachableOnly } from '../reachable.ts';
import type { Warning } from '../warnings.ts';
import { DEFAULT_ABSENT_NAME, type PyrraIndicator, type PyrraObjective } from './spec.ts';
import { absentAfter } from './windows.ts';

/** Digits of a percentage that mean something; the rest is noise of the division by 100. */
const TARGET_DIGITS = 12;

/** Labels and annotations with this prefix go to the alerts, without it. */
const PREFIX = 'pyrra.dev/';

/** The objectives of all documents. */
export function toSlos(documents: readonly PyrraObjective[]): Resolved {
  const resolved = documents.map(resolve);
  return {
    slos: resolved.flatMap(({ slos }) => slos),
    problems: resolved.flatMap(({ problems }) => problems),
    warnings: resolved.flatMap(({ warnings }) => warnings),
  };
}

function resolve(objective: PyrraObjective): Resolved {
  const { source, target, window } = objective;
  const at = ['spec', 'target'];
  if (target === 0 || target === 100) {
    const problem = source.problemAt(at, {
      code: 'no-budget',
      message: `a target of ${target} leaves no budget that could burn`,
      remedy: 'state how much may fail, such as 99.99',
    });
    return { slos: [], problems: [problem], warnings: [] };
  }
  const whole = {
    objective: ratio(Number((target / 100).toPrecision(TARGET_DIGITS))),
    window,
    policy: policyFor(objective),
  };
  const reachable = reachableOnly(whole);
  const shape = { ...whole, policy: reachable.policy };
  const problems: Problem[] = impossibleAlerts(shape).map(problem => source.problemAt(at, problem));
  const suspicious = [...reachable.leftOut, ...suspiciousAlerts(shape)].map(
    warning => source.problemAt(at, warning) as Warning,
  );
  return {
    slos: problems.length > 0 ? [] : [sloOf(objective, shape)],
    problems,
    warnings: [...objective.warnings, ...notCarried(objective), ...suspicious],
  };
}

/** What native alerts name by the generator's own rules. */
function notCarried({ alerting: { severities, absentName }, source }: PyrraObjective): Warning[] {
  const fields = [
    ...(Object.values(severities).some(severity => severity !== undefined) ? ['severities'] : []),
    ...(absentName === DEFAULT_ABSENT_NAME ? [] : ['absentName']),
  ];
  return fields.map(
    field =>
      source.problemAtKey(['spec', 'alerting', field], {
        code: 'not-carried-over',
        message: `alerting.${field} is Pyrra's own: native alerts have severity page or ticket and the generator's names`,
        remedy: 'route by the label severity, or generate with --compat pyrra',
      }) as Warning,
  );
}

const policyFor = ({ window, alerting }: PyrraObjective): Policy => {
  const policy = scalePolicy(policyOf('pyrra'), window);
  return alerting.burnRates ? policy : { ...policy, tiers: [] };
};

const sloOf = (
  objective: PyrraObjective,
  { objective: share, policy }: Pick<Slo, 'objective' | 'policy'>,
): Slo => ({
  service: serviceOf(objective),
  name: objective.name,
  displayName: objective.name,
  description: objective.description.trim(),
  sli: sliOf(objective.indicator),
  grouping: [...new Set(objective.indicator.grouping)].sort(),
  objective: share,
  window: { kind: 'rolling', length: objective.window },
  budgeting: { method: 'occurrences' },
  exclusions: { guard: undefined, maintenance: [] },
  policy,
  minimumEvents: undefined,
  absent: absentOf(objective),
  notificationTargets: [],
  alertPrefix: objective.alerting.name,
  recordAlias: undefined,
  owner: undefined,
  links: {},
  labels: propagated(objective.labels),
  annotations: propagated(objective.annotations),
  source: objective.source.positionOf(['metadata', 'name']),
});

/** Pyrra knows no service: the label `pyrra.dev/service`, or the namespace, or the objective itself stands for it. */
const serviceOf = ({ labels, namespace, name }: PyrraObjective): string =>
  labels[`${PREFIX}service`] ?? namespace ?? name;

const RESERVED = new Set(['service', 'slo', 'severity', 'alertname']);

const propagated = (texts: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(texts)
      .filter(([name]) => name.startsWith(PREFIX))
      .map(([name, value]): [string, string] => [name.slice(PREFIX.length), value])
      .filter(([name]) => !RESERVED.has(name)),
  );

const absentOf = (objective: PyrraObjective): AbsentAlert | undefined =>
  objective.alerting.absent ? { for: absentAfter(objective), severity: 'page' } : undefined;

function sliOf(indicator: PyrraIndicator): Sli {
  switch (indicator.kind) {
    case 'ratio':
      return { kind: 'ratio', counts: 'bad', events: indicator.errors.text, total: indicator.total.text };
    case 'latency': {
      const { success, total } = indicator;
      const le = success.matchers.find(({ name }) => name === 'le')!.value;
      return { kind: 'latency', bucket: success.text, le, total: total.text };
    }
    case 'latencyNative':
      return {
        kind: 'native-latency',
        histogram: indicator.total.text,
        threshold: toSeconds(indicator.latency),
      };
    case 'bool_gauge':
      return { kind: 'gauge', gauge: indicator.metric.text, op: '==', value: 1 };
  }
}
