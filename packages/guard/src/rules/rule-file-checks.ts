import type { Path, YamlSource } from '../config/index.ts';
import { METRIC_NAME, offsetAt, type Problem } from '../core/index.ts';
import { offsetOfPlace, parseExpr } from '../promql/index.ts';
import { compileTemplate } from '../template/index.ts';
import { problemsWithin } from './expression-place.ts';
import type { GroupFields, RuleFields, RuleFileFields } from './rule-file-schema.ts';
import { TEMPLATE_FUNCTION_NAMES, TEMPLATE_VARIABLES } from './template-functions.ts';

/** What a file of the right shape may still have wrong (model/rulefmt/rulefmt.go `Validate`), each with its place. */
export function ruleFileProblems(source: YamlSource, { groups }: RuleFileFields): Problem[] {
  return groups.flatMap((group, index) =>
    group === null
      ? []
      : [
          ...groupProblems(source, groups, group, index),
          ...group.rules.flatMap((rule, i) =>
            rule === null ? [] : ruleProblems(source, ['groups', index, 'rules', i], rule),
          ),
        ],
  );
}

function groupProblems(
  source: YamlSource,
  groups: RuleFileFields['groups'],
  group: GroupFields,
  index: number,
): Problem[] {
  const path = ['groups', index];
  const problem = (field: string, code: string, message: string) =>
    source.problemAt([...path, field], { code, message });
  const isRepeated = groups.findIndex(other => other?.name === group.name) !== index;
  const name = JSON.stringify(group.name);
  const limitPath = [...path, 'limit'];
  return [
    ...(group.name === '' ? [problem('name', 'bad-value', 'a group needs a name')] : []),
    ...(isRepeated
      ? [problem('name', 'duplicate-group', `the group name ${name} is repeated in the file`)]
      : []),
    ...(group.limit !== 0 && !source.isPlainAt(limitPath)
      ? [problem('limit', 'bad-value', 'limit is a whole number and stands without quotes')]
      : []),
    ...labelProblems(source, [...path, 'labels'], group.labels),
  ];
}

function ruleProblems(source: YamlSource, path: Path, rule: RuleFields): Problem[] {
  const place = (field: string) => [...path, field];
  return [
    ...kindProblems(source, path, rule),
    ...(rule.expr === ''
      ? [source.problemAt(place('expr'), { code: 'missing-field', message: 'a rule needs an expr' })]
      : expressionProblems(source, place('expr'), rule.expr)),
    ...labelProblems(source, place('labels'), rule.labels),
    ...Object.keys(rule.annotations)
      .filter(name => name === '')
      .map(name => badName(source, [...place('annotations'), name], name, 'an annotation')),
    ...(rule.alert === '' ? [] : templateProblems(source, path, rule)),
  ];
}

const expressionProblems = (source: YamlSource, path: Path, text: string): Problem[] =>
  problemsWithin({ source, path, text, offsetOf: offsetOfPlace }, () => parseExpr(text));

const ALERT_ONLY: ReadonlyArray<readonly [field: string, isGiven: (rule: RuleFields) => boolean]> = [
  ['for', rule => rule.for !== 0],
  ['keep_firing_for', rule => rule.keep_firing_for !== 0],
  ['annotations', rule => Object.keys(rule.annotations).length > 0],
];

function kindProblems(source: YamlSource, path: Path, rule: RuleFields): Problem[] {
  const bad = (field: string, message: string) =>
    source.problemAt([...path, field], { code: 'bad-rule', message });
  if (rule.record !== '' && rule.alert !== '')
    return [bad('alert', 'only one of record and alert may be given')];
  if (rule.record === '' && rule.alert === '')
    return [bad('record', 'one of record and alert must be given')];
  if (rule.record === '') return [];
  return [
    ...(/[{}]/.test(rule.record)
      ? [bad('record', 'the recorded name holds braces; should they be in expr?')]
      : []),
    ...ALERT_ONLY.filter(([, isGiven]) => isGiven(rule)).map(([field]) =>
      bad(field, `${field} stands in a recording rule, where it has no meaning`),
    ),
  ];
}

const labelProblems = (source: YamlSource, path: Path, labels: Readonly<Record<string, string>>): Problem[] =>
  Object.keys(labels)
    .filter(name => name === '' || name === METRIC_NAME)
    .map(name => badName(source, [...path, name], name, 'a label of a rule'));

const badName = (source: YamlSource, path: Path, name: string, owner: string): Problem =>
  source.problemAtKey(path, {
    code: 'bad-rule',
    message: `${JSON.stringify(name)} is no name for ${owner}`,
  });

function templateProblems(source: YamlSource, path: Path, rule: RuleFields): Problem[] {
  const options = { functions: TEMPLATE_FUNCTION_NAMES, variables: TEMPLATE_VARIABLES };
  return (['labels', 'annotations'] as const).flatMap(field =>
    Object.entries(rule[field]).flatMap(([name, text]) =>
      problemsWithin({ source, path: [...path, field, name], text, offsetOf: offsetAt }, () =>
        compileTemplate(text, options),
      ),
    ),
  );
}
