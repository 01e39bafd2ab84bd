import type { Labels, Milliseconds } from '../core/index.ts';
import type { AlertState, Alerts } from './alerting.ts';
import type { Rule } from './rule-file.ts';

/** A rule with what its evaluations left behind. */
export interface RuleState {
  readonly rule: Rule;
  readonly alerts: Alerts;
  /** Series of the last evaluation that was stored, by key. */
  previous: ReadonlyMap<string, Labels>;
  health: 'unknown' | 'ok' | 'err';
  /** '' when the last evaluation succeeded. */
  lastError: string;
  /** Absent before the first. */
  lastEvaluation?: Milliseconds;
  evaluationTime: Milliseconds;
}

export const createRuleState = (rule: Rule): RuleState => ({
  rule,
  alerts: new Map(),
  previous: new Map(),
  health: 'unknown',
  lastError: '',
  evaluationTime: 0,
});

/** A rule is what it was when its name and labels are, whatever became of its expression. */
const identity = ({ kind, name, labels }: Rule) =>
  JSON.stringify([kind, name, Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))]);

/**
 * Hands the alerts and series of a group's rules on to those that replace them: the first of equal rules to the first,
 * and so on. Gives the series that no rule has any more.
 */
export function inheritStates(states: readonly RuleState[], from: readonly RuleState[]): Labels[] {
  const left = Map.groupBy(from, state => identity(state.rule));
  for (const state of states) {
    const old = left.get(identity(state.rule))?.shift();
    if (!old) continue;
    state.previous = old.previous;
    for (const [key, alert] of old.alerts) state.alerts.set(key, alert);
  }
  return [...left.values()].flat().flatMap(state => [...state.previous.values()]);
}

/** The worst of the rule's alerts. */
export function stateOf({ alerts, lastEvaluation }: RuleState): AlertState | 'unknown' {
  if (lastEvaluation === undefined) return 'unknown';
  const states = new Set([...alerts.values()].map(alert => alert.state));
  return states.has('firing') ? 'firing' : states.has('pending') ? 'pending' : 'inactive';
}
