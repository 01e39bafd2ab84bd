import { formatDuration, type Milliseconds } from '../core/index.ts';
import type { Severity, Slo } from '../slo/index.ts';
import { absentAlert, burnAlert } from './alerts.ts';
import { budgetRules, calendarRules } from './budget.ts';
import { factRules } from './facts.ts';
import { baseRules, burnRules, burnWindows } from './measures.ts';
import type { RuleGroup } from './rule-types.ts';
import type { RuleSettings } from './settings.ts';

const SEVERITIES: readonly Severity[] = ['page', 'ticket'];

/**
 * An objective's groups, each evaluated by itself: what pages, with all that it reads; what opens tickets; what was
 * declared; and the budget, which reads the whole window and so runs less often. Small groups, since Mimir takes 20
 * rules a group by default.
 */
export function sloGroups(slo: Slo, settings: RuleSettings): RuleGroup[] {
  const recordedBefore = new Set<Milliseconds>();
  const interval = formatDuration(settings.interval);
  const groups = SEVERITIES.map((severity, i): RuleGroup => {
    const tiers = slo.policy.tiers.filter(tier => tier.severity === severity);
    const own = new Set(tiers.flatMap(({ shortWindow, longWindow }) => [shortWindow, longWindow]));
    const windows = burnWindows(slo).filter(window => own.has(window) && !recordedBefore.has(window));
    for (const window of windows) recordedBefore.add(window);
    return {
      name: groupName(slo, severity),
      interval,
      rules: [
        ...(i === 0 ? [...baseRules(slo, settings.interval), ...calendarRules(slo)] : []),
        ...burnRules(slo, windows, settings.interval),
        ...tiers.map(tier => burnAlert(slo, tier, settings)),
        ...(i === 0 ? absentAlert(slo, settings) : []),
      ],
    };
  });
  return [
    ...groups.filter(({ rules }) => rules.length > 0),
    { name: groupName(slo, 'facts'), interval, rules: factRules(slo) },
    {
      name: groupName(slo, 'period'),
      interval: formatDuration(settings.periodInterval),
      rules: budgetRules(slo, settings.interval),
    },
  ];
}

/** Unique among all SLOs: slashes within names are escaped. */
const groupName = ({ service, name }: Slo, part: string) =>
  ['slo', service, name].map(encodeURIComponent).concat(part).join('/');
