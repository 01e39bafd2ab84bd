import { formatDuration } from '../core/index.ts';
import type { SloModel } from '../slo/index.ts';
import { generatedHeader, sourcesOf } from './header.ts';
import { printGroups } from './print-rules.ts';
import type { AlertingRule, RuleGroup } from './rule-types.ts';
import { DEFAULT_SETTINGS, type RuleSettings } from './settings.ts';
import { sloGroups } from './slo-groups.ts';

export interface RuleFileOptions extends Partial<RuleSettings> {
  /** Alerts that are not of an SLO; they stand in a group `stack` of their own, in the order given. */
  readonly extraAlerts?: readonly AlertingRule[];
  /** Named in the file's header beside the files of the SLOs. */
  readonly extraSources?: readonly string[];
}

/**
 * A rule file that Prometheus and the embedded engine both load. The same model gives the same bytes.
 *
 * @param options durations in milliseconds; see `RuleSettings` for what is left out
 */
export function generateRules(model: Pick<SloModel, 'slos'>, options: RuleFileOptions = {}): string {
  return `${generatedHeader([...sourcesOf(model.slos), ...(options.extraSources ?? [])])}${printGroups(ruleGroups(model, options))}`;
}

/** The same rules as values. */
export function ruleGroups(
  { slos }: Pick<SloModel, 'slos'>,
  { extraAlerts = [], extraSources: _, ...given }: RuleFileOptions = {},
): RuleGroup[] {
  const settings: RuleSettings = { ...DEFAULT_SETTINGS, ...given };
  const groups = slos.flatMap(slo => sloGroups(slo, settings));
  if (extraAlerts.length === 0) return groups;
  return [...groups, { name: 'stack', interval: formatDuration(settings.interval), rules: extraAlerts }];
}
