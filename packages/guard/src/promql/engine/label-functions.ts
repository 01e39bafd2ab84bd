import { compileRegexp, type Labels, METRIC_NAME, UserError } from '../../core/index.ts';
import type { CallExpr, Expr, StringLiteral } from '../ast.ts';
import { executionError } from '../errors.ts';
import type { EvalContext } from './context.ts';
import { evaluateVector } from './evaluate.ts';
import type { Frame } from './frame.ts';
import { mergeDuplicates } from './merge.ts';
import { unwrap } from './range-call.ts';

const stringOf = (expr: Expr): string => (unwrap(expr) as StringLiteral).value;

function checkLabelName(name: string, role: 'source' | 'destination', { name: called }: CallExpr): void {
  if (name === '' || !name.isWellFormed())
    throw executionError(
      'promql-execution',
      `invalid ${role} label name in ${called}(): ${name.toWellFormed()}`,
    );
}

/** label_replace(v, dst, replacement, src, regex): series whose source label matches get another label. */
export function labelReplace(ctx: EvalContext, call: CallExpr): Frame {
  const { args } = call;
  const [target, replacement, source, pattern] = args.slice(1).map(stringOf) as [
    string,
    string,
    string,
    string,
  ];
  const regexp = compile(pattern);
  checkLabelName(target, 'destination', call);
  const frame = evaluateVector(ctx, args[0]!);
  return setLabel(frame, target, labels => {
    const matcher = regexp.matcher(labels.get(source));
    return matcher.find() ? expand(replacement, matcher, regexp.namedGroups()) : undefined;
  });
}

function compile(pattern: string) {
  try {
    return compileRegexp(`^(?s:${pattern})$`, { shown: pattern });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw executionError('promql-execution', `invalid regular expression in label_replace(): ${pattern}`);
  }
}

type Groups = { group(index: number): string | null; groupCount(): number };

/** Go's Regexp.Expand: `$1`, `$name` (as long as possible), `${name}`, `$$`; an unknown group is empty. */
function expand(template: string, match: Groups, names: Readonly<Record<string, number>>): string {
  return template.replace(/\$(?:(\$)|(\w+)|\{(\w+)\})/g, (_, dollar, plain, braced) => {
    if (dollar !== undefined) return '$';
    const name: string = plain ?? braced;
    const index = /^\d+$/.test(name) ? Number(name) : (names[name] ?? -1);
    return index >= 0 && index <= match.groupCount() ? (match.group(index) ?? '') : '';
  });
}

/** label_join(v, dst, separator, src…): the source labels' values, joined. */
export function labelJoin(ctx: EvalContext, call: CallExpr): Frame {
  const { args } = call;
  const [target, separator, ...sources] = args.slice(1).map(stringOf) as [string, string, ...string[]];
  for (const source of sources) checkLabelName(source, 'source', call);
  checkLabelName(target, 'destination', call);
  const frame = evaluateVector(ctx, args[0]!);
  return setLabel(frame, target, labels => sources.map(source => labels.get(source)).join(separator));
}

/** Sets one label of each row, or leaves the row where `newValue` gives nothing. */
function setLabel(frame: Frame, name: string, newValue: (labels: Labels) => string | undefined): Frame {
  const dropName = [...frame.dropName];
  const labels = frame.labels.map((rowLabels, row) => {
    const value = newValue(rowLabels);
    if (value === undefined) return rowLabels;
    if (name === METRIC_NAME) dropName[row] = false;
    return rowLabels.with({ [name]: value });
  });
  return mergeDuplicates({ ...frame, labels, dropName });
}
