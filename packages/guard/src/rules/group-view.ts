import type { Labels, Milliseconds } from '../core/index.ts';
import type { Alert, AlertState } from './alert.ts';
import type { Group } from './group.ts';
import type { Rule } from './rule-file.ts';
import { alertsOf, type RuleState, stateOf } from './rule-state.ts';

/** An alert as /api/v1/alerts shows it. */
export interface ActiveAlert {
  readonly labels: Labels;
  /** Values may be empty. */
  readonly annotations: Labels;
  readonly state: Exclude<AlertState, 'inactive'>;
  readonly activeAt: Milliseconds;
  readonly keepFiringSince?: Milliseconds;
  readonly value: number;
}

/** A rule as /api/v1/rules shows it. */
export interface RuleView {
  readonly rule: Rule;
  readonly health: RuleState['health'];
  readonly lastError: string;
  readonly lastEvaluation?: Milliseconds;
  readonly evaluationTime: Milliseconds;
  /** Of alerting rules; `unknown` before the first evaluation. */
  readonly state?: AlertState | 'unknown';
  /** Pending and firing ones, ordered by when they became active. */
  readonly alerts: readonly ActiveAlert[];
}

export interface GroupView {
  readonly name: string;
  readonly file: string;
  readonly interval: Milliseconds;
  readonly limit: number;
  readonly queryOffset: Milliseconds;
  readonly lastEvaluation?: Milliseconds;
  readonly evaluationTime: Milliseconds;
  readonly rules: readonly RuleView[];
}

export function viewOf(group: Group): GroupView {
  const { definition, interval, queryOffset, lastEvaluation, evaluationTime } = group;
  return {
    name: definition.name,
    file: definition.file,
    interval,
    limit: definition.limit,
    queryOffset,
    ...(lastEvaluation !== undefined && { lastEvaluation }),
    evaluationTime,
    rules: group.states.map(state => ({
      rule: state.rule,
      health: state.health,
      lastError: state.lastError,
      ...(state.lastEvaluation !== undefined && { lastEvaluation: state.lastEvaluation }),
      evaluationTime: state.evaluationTime,
      ...(state.kind === 'alerting' && { state: stateOf(state) }),
      alerts: activeAlerts(state),
    })),
  };
}

export function activeAlerts(state: RuleState): ActiveAlert[] {
  return [...alertsOf(state).values()]
    .filter((alert): alert is Alert & { state: ActiveAlert['state'] } => alert.state !== 'inactive')
    .sort((a, b) => a.activeAt - b.activeAt)
    .map(alert => ({
      labels: alert.labels,
      annotations: alert.annotations,
      state: alert.state,
      activeAt: alert.activeAt,
      value: alert.value,
      ...(alert.keepFiringSince !== undefined && { keepFiringSince: alert.keepFiringSince }),
    }));
}
