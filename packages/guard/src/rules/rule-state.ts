import type { Labels, Milliseconds } from '../core/index.ts';
import type { AlertState, Alerts } from './alert.ts';
import type { AlertingRule, RecordingRule, Rule } from './rule-file.ts';
import { compileRule, type RuleTemplates } from './rule-templates.ts';

interface StateBase {
  /** Series of the last evaluation that was stored, by key. */
  previous: ReadonlyMap<string, Labels>;
  health: 'unknown' | 'ok' | 'err';
  /** '' when the last evaluation succeeded. */
  lastError: string;
  /** Absent before the first. */
  lastEvaluation?: Milliseconds;
  evaluationTime: Milliseconds;
}

/** A rule with what its evaluations left behind. */
export type RuleState = StateBase &
  (
    | { readonly kind: 'recording'; readonly rule: RecordingRule }
    | {
        readonly kind: 'alerting';
        readonly rule: AlertingRule;
        readonly templates: RuleTemplates;
        readonly alerts: Alerts;
      }
  );

export function createRuleState(rule: Rule): RuleState {
  const base = { previous: new Map(), health: 'unknown', lastError: '', evaluationTime: 0 } as const;
  if (rule.kind === 'recording') return { ...base, kind: 'recording', rule };
  return { ...base, kind: 'alerting', rule, templates: compileRule(rule), alerts: new Map() };
}

/** Of recording rules there are none. */
export const alertsOf = (state: RuleState): Alerts => (state.kind === 'alerting' ? state.alerts : new Map());

/** A rule is what it was when its name and labels are, whatever became of its expression (group.go `nameAndLabels`). */
const identity = ({ name, labels }: Rule) =>
  JSON.stringify([name, Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))]);

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
    if (state.kind === 'alerting') for (const [key, alert] of alertsOf(old)) state.alerts.set(key, alert);
  }
  return [...left.values()].flat().flatMap(state => [...state.previous.values()]);
}

/** The worst of the rule's alerts. */
export function stateOf(state: RuleState): AlertState | 'unknown' {
  if (state.lastEvaluation === undefined) return 'unknown';
  const states = new Set([...alertsOf(state).values()].map(alert => alert.state));
  return states.has('firing') ? 'firing' : states.has('pending') ? 'pending' : 'inactive';
}
