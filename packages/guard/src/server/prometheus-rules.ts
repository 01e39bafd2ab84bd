import { formatFloatExponent, type Matcher, toSeconds } from '../core/index.ts';
import type { ActiveAlert, GroupView, RuleView } from '../rules/index.ts';
import { timeText } from './go-time.ts';
import type { RequestParams } from './request-params.ts';
import { pageOf, rulesRequest } from './rules-request.ts';

/** The `data` of `/api/v1/rules` (web/api/v1 `rules`). `matcherSets` are those of `match[]`. @throws BadParameter */
export function rulesData(
  groups: readonly GroupView[],
  params: RequestParams,
  matcherSets: ReadonlyArray<readonly Matcher[]>,
) {
  const request = rulesRequest(params, matcherSets);
  const page = pageOf(groups, request);
  return { ...page, groups: page.groups.map(group => groupView(group, request.withAlerts)) };
}

const groupView = (group: GroupView, withAlerts: boolean) => ({
  name: group.name,
  file: group.file,
  rules: group.rules.map(rule => ruleView(rule, withAlerts)),
  interval: toSeconds(group.interval),
  limit: group.limit,
  evaluationTime: toSeconds(group.evaluationTime),
  lastEvaluation: timeText(group.lastEvaluation),
});

function ruleView(view: RuleView, withAlerts: boolean) {
  const { rule, health, lastError, lastEvaluation, evaluationTime, state, alerts } = view;
  const head = { name: rule.name, query: rule.query };
  const tail = {
    health,
    ...(lastError !== '' && { lastError }),
    evaluationTime: toSeconds(evaluationTime),
    lastEvaluation: timeText(lastEvaluation),
  };
  if (rule.kind === 'recording') return { ...head, labels: rule.labels, ...tail, type: 'recording' };
  return {
    state,
    ...head,
    duration: toSeconds(rule.for),
    keepFiringFor: toSeconds(rule.keepFiringFor),
    labels: rule.labels,
    annotations: rule.annotations,
    alerts: withAlerts ? alerts.map(alertView) : null,
    ...tail,
    type: 'alerting',
  };
}

/** An alert in `/api/v1/rules` and `/api/v1/alerts`. */
export const alertView = ({ labels, annotations, state, activeAt, keepFiringSince, value }: ActiveAlert) => ({
  labels: labels.toObject(),
  annotations: annotations.toObject(),
  state,
  activeAt: timeText(activeAt),
  ...(keepFiringSince !== undefined && { keepFiringSince: timeText(keepFiringSince) }),
  value: formatFloatExponent(value),
});
