import { createHash } from 'node:crypto';
import { formatFloatExponent, Labels, type Matcher, toSeconds } from '../core/index.ts';
import type { ActiveAlert, GroupView, RuleView } from '../rules/index.ts';
import { timeText } from './go-time.ts';
import { BadParameter } from './request-params.ts';
import { matcherSetsOf } from './series-lists.ts';

/** The `data` of `/api/v1/rules` (web/api/v1 `rules`). @throws BadParameter */
export function rulesData(groups: readonly GroupView[], params: URLSearchParams) {
  const shows = ruleFilter(params);
  const withAlerts = !excludesAlerts(params);
  const { limit, token } = pageParams(params);
  const wanted = groups
    .filter(({ name, file }) => oneOf(params, 'rule_group[]', name) && oneOf(params, 'file[]', file))
    .map(group => ({ ...group, rules: group.rules.filter(shows) }))
    .filter(group => group.rules.length > 0);
  const first = token === '' ? 0 : wanted.findIndex(group => tokenOf(group) === token);
  if (first < 0)
    throw new BadParameter(
      `invalid parameter "group_next_token": invalid group_next_token '${token}'. were rule groups changed?`,
    );
  const next = wanted[first + limit];
  return {
    groups: wanted.slice(first, first + limit).map(group => groupView(group, withAlerts)),
    ...(next && { groupNextToken: tokenOf(next) }),
  };
}

const oneOf = (params: URLSearchParams, name: string, value: string) =>
  !params.has(name) || params.getAll(name).includes(value);

function ruleFilter(params: URLSearchParams): (view: RuleView) => boolean {
  const type = (params.get('type') ?? '').toLowerCase();
  if (type !== '' && type !== 'alert' && type !== 'record')
    throw new BadParameter(`invalid parameter "type": not supported value ${JSON.stringify(type)}`);
  const kind = { '': undefined, alert: 'alerting', record: 'recording' }[type];
  const sets = matcherSetsOf(params.getAll('match[]'));
  return ({ rule }) =>
    (kind === undefined || rule.kind === kind) &&
    oneOf(params, 'rule_name[]', rule.name) &&
    (sets.length === 0 || sets.some(set => meets(Labels.of(rule.labels), set)));
}

const meets = (labels: Labels, matchers: readonly Matcher[]) =>
  matchers.every(matcher => matcher.matches(labels.get(matcher.name)));

/** What Go's strconv.ParseBool reads. */
const TRUE = ['1', 't', 'true'];
const FALSE = ['', '0', 'f', 'false'];

function excludesAlerts(params: URLSearchParams): boolean {
  const text = (params.get('exclude_alerts') ?? '').toLowerCase();
  if (!TRUE.includes(text) && !FALSE.includes(text))
    throw new BadParameter(
      `invalid parameter "exclude_alerts": error converting exclude_alerts: ${JSON.stringify(text)} is not a boolean`,
    );
  return TRUE.includes(text);
}

function pageParams(params: URLSearchParams): { limit: number; token: string } {
  const text = params.get('group_limit') ?? '';
  const token = params.get('group_next_token') ?? '';
  if (text === '') {
    if (token === '') return { limit: Number.POSITIVE_INFINITY, token };
    throw new BadParameter(
      'invalid parameter "group_next_token": group_limit needs to be present in order to paginate over the groups',
    );
  }
  if (!/^[-+]?\d{1,9}$/.test(text))
    throw new BadParameter(
      `invalid parameter "group_limit": group_limit needs to be a valid number: ${JSON.stringify(text)}`,
    );
  if (Number(text) <= 0)
    throw new BadParameter('invalid parameter "group_limit": group_limit needs to be greater than 0');
  return { limit: Number(text), token };
}

const tokenOf = ({ file, name }: GroupView) => createHash('sha256').update(`${file};${name}`).digest('hex');

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
