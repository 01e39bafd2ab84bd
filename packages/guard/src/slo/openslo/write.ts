import { stringify } from 'yaml';
import { unreachable } from '../../core/index.ts';
import type { Budgeting, CalendarUnit, Slo, TimeWindow } from '../model.ts';
import { createPolicyBook, type PolicyBook } from '../policies/policy-book.ts';
import { scalePolicy } from '../policies/scale.ts';
import { usualLength } from '../time-window.ts';
import { writtenAlertPolicies } from './write-alerting.ts';
import { writtenAnnotations } from './write-annotations.ts';
import { writtenIndicator } from './write-indicator.ts';
import { writtenDuration } from './written.ts';

/**
 * SLOs of whatever format as OpenSLO v1, one document each: read again they give the same SLOs, but for their places.
 *
 * @throws UserError `not-in-openslo` for what OpenSLO has no way to say
 */
export const writeOpenSlo = (slos: readonly Slo[], policies: PolicyBook = createPolicyBook()): string =>
  slos
    .map(slo => stringify(documentOf(slo, policies), { lineWidth: 0, aliasDuplicateObjects: false }))
    .join('---\n');

function documentOf(slo: Slo, policies: PolicyBook): object {
  const isNamed = isScaledFrom(slo, policies);
  const { objective, fields } = writtenIndicator(slo);
  return {
    apiVersion: 'openslo/v1',
    kind: 'SLO',
    metadata: {
      name: slo.name,
      displayName: slo.displayName,
      ...(Object.keys(slo.labels).length > 0 && { labels: slo.labels }),
      annotations: writtenAnnotations(slo, isNamed ? slo.policy.name : undefined),
    },
    spec: {
      ...(slo.description && { description: slo.description }),
      service: slo.service,
      indicator: { spec: fields },
      timeWindow: [windowOf(slo.window)],
      ...budgetingOf(slo.budgeting, { target: slo.objective, ...objective }),
      ...(!isNamed && { alertPolicies: writtenAlertPolicies(slo) }),
    },
  };
}

/** Whether the policy is one that its name alone gives. */
function isScaledFrom({ policy, window, notificationTargets }: Slo, policies: PolicyBook): boolean {
  const named = policies.get(policy.name);
  if (!named || notificationTargets.length > 0) return false;
  return JSON.stringify(scalePolicy(named, usualLength(window)).tiers) === JSON.stringify(policy.tiers);
}

const POSTFIX: Record<CalendarUnit, string> = { day: 'd', week: 'w', month: 'M', quarter: 'Q', year: 'Y' };

const windowOf = (window: TimeWindow) =>
  window.kind === 'rolling'
    ? { duration: writtenDuration(window.length), isRolling: true }
    : {
        duration: `${window.count}${POSTFIX[window.unit]}`,
        isRolling: false,
        calendar: { startTime: window.anchor.replace('T', ' '), timeZone: window.timeZone },
      };

function budgetingOf(budgeting: Budgeting, objective: object) {
  switch (budgeting.method) {
    case 'occurrences':
      return { budgetingMethod: 'Occurrences', objectives: [objective] };
    case 'timeslices': {
      const slices = { timeSliceTarget: budgeting.target, timeSliceWindow: writtenDuration(budgeting.slice) };
      return { budgetingMethod: 'Timeslices', objectives: [{ ...objective, ...slices }] };
    }
    case 'ratio-timeslices': {
      const slices = { timeSliceWindow: writtenDuration(budgeting.slice) };
      return { budgetingMethod: 'RatioTimeslices', objectives: [{ ...objective, ...slices }] };
    }
    default:
      return unreachable(budgeting);
  }
}
