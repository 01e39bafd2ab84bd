import { checkShape, isNonEmpty, readYaml } from '../config/index.ts';
import { UserError } from '../core/index.ts';
import { type Expr, parseExpr, printExpr } from '../promql/index.ts';
import type { Rule, RuleFile, RuleGroup } from './rule-file.ts';
import { ruleFileProblems } from './rule-file-checks.ts';
import { type GroupFields, type RuleFields, ruleFileSchema } from './rule-file-schema.ts';

export interface LoadOptions {
  /** Pass over keys that the grammar does not know; for files that other programs extend. */
  readonly ignoresUnknownFields?: boolean;
}

/**
 * Reads a Prometheus rule file. An empty one has no groups.
 *
 * @throws UserError with every problem and its place: those of the shape, or `bad-promql`, `bad-template`,
 *   `duplicate-group`, `bad-rule`
 */
export function loadRuleFile(file: string, text: string, options: LoadOptions = {}): RuleFile {
  const [source, second] = readYaml(file, text, { scalars: 'texts' });
  if (!source) return { file, groups: [] };
  if (second) {
    const message = 'only one YAML document is read from a rule file';
    throw UserError.ofProblems([second.problemAt([], { code: 'several-documents', message })]);
  }
  const fields = checkShape(ruleFileSchema(options.ignoresUnknownFields === true), source);
  const problems = ruleFileProblems(source, fields);
  if (isNonEmpty(problems)) throw UserError.ofProblems(problems);
  return { file, groups: fields.groups.filter(group => group !== null).map(group => groupOf(file, group)) };
}

function groupOf(file: string, fields: GroupFields): RuleGroup {
  return {
    file,
    name: fields.name,
    limit: fields.limit,
    rules: fields.rules.filter(rule => rule !== null).map(rule => ruleOf(rule, fields.labels)),
    ...(fields.interval > 0 && { interval: fields.interval }),
    ...(typeof fields.query_offset === 'number' && { queryOffset: fields.query_offset }),
  };
}

function ruleOf(fields: RuleFields, groupLabels: Readonly<Record<string, string>>): Rule {
  const expr: Expr = parseExpr(fields.expr);
  const common = { expr, query: printExpr(expr), labels: { ...groupLabels, ...fields.labels } };
  if (fields.record !== '') return { kind: 'recording', name: fields.record, ...common };
  return {
    kind: 'alerting',
    name: fields.alert,
    for: fields.for,
    keepFiringFor: fields.keep_firing_for,
    annotations: fields.annotations,
    ...common,
  };
}
