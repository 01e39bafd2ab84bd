import { createHash } from 'node:crypto';
import type { Matcher } from '../core/index.ts';
import type { GroupView, RuleView } from '../rules/index.ts';
import { BadParameter } from './api-error.ts';
import { isUnreadable, readGoBoolean, readGoInteger } from './go-numbers.ts';
import { invalidParameter, type RequestParams } from './request-params.ts';

/** What a request to `/api/v1/rules` wants to see. */
export interface RulesRequest {
  readonly showsGroup: (group: GroupView) => boolean;
  readonly showsRule: (view: RuleView) => boolean;
  readonly withAlerts: boolean;
  /** Groups at most; Infinity for all. */
  readonly limit: number;
  /** The group that the page begins with; '' for the first. */
  readonly token: string;
}

type RuleKind = RuleView['rule']['kind'];
const KINDS: Readonly<Record<string, RuleKind | undefined>> = { alert: 'alerting', record: 'recording' };

/** Reads the parameters in Prometheus's order, after those that are selectors. @throws BadParameter */
export function rulesRequest(
  params: RequestParams,
  matcherSets: ReadonlyArray<readonly Matcher[]>,
): RulesRequest {
  if (matcherSets.some(set => set.every(matcher => matcher.matches(''))))
    throw new BadParameter('match[] must contain at least one non-empty matcher');
  const kind = kindParam(params);
  const withAlerts = !excludeAlertsParam(params);
  const { limit, token } = pageParams(params);
  const groups = choice(params, 'rule_group[]');
  const files = choice(params, 'file[]');
  const names = choice(params, 'rule_name[]');
  return {
    showsGroup: ({ name, file }) => groups(name) && files(file),
    showsRule: ({ rule }) =>
      (kind === undefined || rule.kind === kind) &&
      names(rule.name) &&
      (matcherSets.length === 0 || matcherSets.some(set => meets(rule.labels, set))),
    withAlerts,
    limit,
    token,
  };
}

function kindParam(params: RequestParams): RuleKind | undefined {
  const type = params.urlValue('type').toLowerCase();
  const kind = KINDS[type];
  if (type !== '' && kind === undefined)
    throw invalidParameter('type', `not supported value ${JSON.stringify(type)}`);
  return kind;
}

function excludeAlertsParam(params: RequestParams): boolean {
  const text = params.urlValue('exclude_alerts').toLowerCase();
  const excludes = text === '' ? false : readGoBoolean(text);
  if (isUnreadable(excludes))
    throw invalidParameter('exclude_alerts', `error converting exclude_alerts: ${excludes.error}`);
  return excludes;
}

function pageParams(params: RequestParams): { limit: number; token: string } {
  const text = params.urlValue('group_limit');
  const token = params.urlValue('group_next_token');
  if (text === '') {
    if (token === '') return { limit: Number.POSITIVE_INFINITY, token };
    throw invalidParameter(
      'group_next_token',
      'group_limit needs to be present in order to paginate over the groups',
    );
  }
  const limit = readGoInteger(text, 'ParseInt', 32);
  if (isUnreadable(limit))
    throw invalidParameter('group_limit', `group_limit needs to be a valid number: ${limit.error}`);
  if (limit <= 0) throw invalidParameter('group_limit', 'group_limit needs to be greater than 0');
  return { limit, token };
}

/** Whether a value is among those that a parameter lists; all are where it is left out. */
function choice(params: RequestParams, name: string): (value: string) => boolean {
  const wanted = params.values(name);
  return value => wanted.length === 0 || wanted.includes(value);
}

const meets = (labels: Readonly<Record<string, string>>, matchers: readonly Matcher[]) =>
  matchers.every(matcher => matcher.matches(labels[matcher.name] ?? ''));

/** The groups of one page, and the token of the next. @throws BadParameter for a token that no group has */
export function pageOf(
  groups: readonly GroupView[],
  { showsGroup, showsRule, limit, token }: RulesRequest,
): { groups: GroupView[]; groupNextToken?: string } {
  const first = token === '' ? 0 : groups.findIndex(group => tokenOf(group) === token);
  if (first < 0)
    throw invalidParameter(
      'group_next_token',
      `invalid group_next_token '${token}'. were rule groups changed?`,
    );
  const wanted = groups
    .slice(first)
    .filter(showsGroup)
    .map(group => ({ ...group, rules: group.rules.filter(showsRule) }))
    .filter(group => group.rules.length > 0);
  const next = wanted[limit];
  return { groups: wanted.slice(0, limit), ...(next && { groupNextToken: tokenOf(next) }) };
}

const tokenOf = ({ file, name }: GroupView) => createHash('sha256').update(`${file};${name}`).digest('hex');
