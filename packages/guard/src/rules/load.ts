import { z } from 'zod';
import {
  checkShape,
  durationField,
  isNonEmpty,
  type Path,
  readYaml,
  stringMapField,
  type YamlSource,
} from '../config/index.ts';
import { METRIC_NAME, type Problem, UserError } from '../core/index.ts';
import { type Expr, parseExpr, printExpr } from '../promql/index.ts';
import { compileTemplate } from '../template/index.ts';
import { problemsWithin } from './expression-place.ts';
import type { Rule, RuleFile, RuleGroup } from './rule-file.ts';
import { TEMPLATE_FUNCTION_NAMES, TEMPLATE_VARIABLES } from './template-functions.ts';

const optionalDuration = z.union([durationField, z.literal(0)]).optional();

const ruleField = z.strictObject({
  record: z.string().optional(),
  alert: z.string().optional(),
  expr: z.preprocess(value => (typeof value === 'number' ? String(value) : value), z.string()),
  for: optionalDuration,
  keep_firing_for: optionalDuration,
  labels: stringMapField.nullish(),
  annotations: stringMapField.nullish(),
});

const fileSchema = z.strictObject({
  groups: z
    .array(
      z.strictObject({
        name: z.string().min(1, 'a group needs a name'),
        interval: optionalDuration,
        query_offset: optionalDuration,
        limit: z.int().nonnegative().optional(),
        labels: stringMapField.nullish(),
        rules: z.array(ruleField).nullish(),
      }),
    )
    .nullish(),
});
type RuleFields = z.infer<typeof ruleField>;
type GroupFields = NonNullable<z.infer<typeof fileSchema>['groups']>[number];

/**
 * Reads a Prometheus rule file. An empty one has no groups.
 *
 * @throws UserError with every problem and its place: those of the shape, or `bad-promql`, `bad-template`,
 *   `duplicate-group`, `bad-rule`
 */
export function loadRuleFile(file: string, text: string): RuleFile {
  const sources = readYaml(file, text);
  const [source, second] = sources;
  if (!source) return { file, groups: [] };
  if (second) {
    const message = 'only one YAML document is read from a rule file';
    throw UserError.ofProblems([second.problemAt([], { code: 'several-documents', message })]);
  }
  const groups = checkShape(fileSchema, source).groups ?? [];
  const problems = groups.flatMap((group, i) => groupProblems(source, groups, group, i));
  if (isNonEmpty(problems)) throw UserError.ofProblems(problems);
  return { file, groups: groups.map(group => groupOf(file, group)) };
}

function groupOf(file: string, fields: GroupFields): RuleGroup {
  return {
    file,
    name: fields.name,
    limit: fields.limit ?? 0,
    rules: (fields.rules ?? []).map(rule => ruleOf(rule, fields.labels ?? {})),
    ...(fields.interval && { interval: fields.interval }),
    ...(fields.query_offset !== undefined && { queryOffset: fields.query_offset }),
  };
}

function ruleOf(fields: RuleFields, groupLabels: Readonly<Record<string, string>>): Rule {
  const expr: Expr = parseExpr(fields.expr);
  const common = { expr, query: printExpr(expr), labels: { ...groupLabels, ...fields.labels } };
  if (fields.record !== undefined) return { kind: 'recording', name: fields.record, ...common };
  return {
    kind: 'alerting',
    name: fields.alert!,
    for: fields.for ?? 0,
    keepFiringFor: fields.keep_firing_for ?? 0,
    annotations: fields.annotations ?? {},
    ...common,
  };
}

function groupProblems(
  source: YamlSource,
  groups: readonly GroupFields[],
  group: GroupFields,
  index: number,
): Problem[] {
  const path = ['groups', index];
  const isRepeated = groups.findIndex(other => other.name === group.name) !== index;
  const message = `the group name ${JSON.stringify(group.name)} is repeated in the file`;
  return [
    ...(isRepeated ? [source.problemAt([...path, 'name'], { code: 'duplicate-group', message })] : []),
    ...labelProblems(source, [...path, 'labels'], group.labels ?? {}),
    ...(group.rules ?? []).flatMap((rule, i) => ruleProblems(source, [...path, 'rules', i], rule)),
  ];
}

function ruleProblems(source: YamlSource, path: Path, rule: RuleFields): Problem[] {
  const place = (field: string) => [...path, field];
  return [
    ...nameProblems(source, path, rule),
    ...problemsWithin(source, place('expr'), () => parseExpr(rule.expr)),
    ...labelProblems(source, place('labels'), rule.labels ?? {}),
    ...(rule.alert === undefined ? [] : templateProblems(source, path, rule)),
  ];
}

const ALERT_ONLY = ['for', 'keep_firing_for', 'annotations'] as const;

function nameProblems(source: YamlSource, path: Path, rule: RuleFields): Problem[] {
  const bad = (field: string, message: string) => [
    source.problemAt([...path, field], { code: 'bad-rule', message }),
  ];
  if (rule.record !== undefined && rule.alert !== undefined) {
    return bad('alert', 'only one of record and alert may be given');
  }
  if (!rule.record && !rule.alert) return bad('record', 'one of record and alert must be given');
  if (rule.record === undefined) return [];
  if (/[{}]/.test(rule.record))
    return bad('record', 'the recorded name holds braces; should they be in expr?');
  return ALERT_ONLY.filter(field => rule[field]).flatMap(field =>
    bad(field, `${field} stands in a recording rule, where it has no meaning`),
  );
}

const labelProblems = (source: YamlSource, path: Path, labels: Readonly<Record<string, string>>): Problem[] =>
  Object.keys(labels)
    .filter(name => name === '' || name === METRIC_NAME)
    .map(name =>
      source.problemAt([...path, name], {
        code: 'bad-rule',
        message: `${JSON.stringify(name)} is no name for a label of a rule`,
      }),
    );

function templateProblems(source: YamlSource, path: Path, rule: RuleFields): Problem[] {
  const options = { functions: TEMPLATE_FUNCTION_NAMES, variables: TEMPLATE_VARIABLES };
  return (['labels', 'annotations'] as const).flatMap(field =>
    Object.entries(rule[field] ?? {}).flatMap(([name, text]) =>
      problemsWithin(source, [...path, field, name], () => compileTemplate(text, options)),
    ),
  );
}
