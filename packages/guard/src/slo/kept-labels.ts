import { type Expr, typeOf } from '../promql/index.ts';

/** Whether the series that an expression gives can still have a label of those that it reads. */
export function keepsLabel(expr: Expr, label: string): boolean {
  switch (expr.type) {
    case 'paren':
    case 'unary':
    case 'subquery':
      return keepsLabel(expr.expr, label);
    case 'aggregate':
      return aggregateKeeps(expr, label) && keepsLabel(expr.expr, label);
    case 'call':
      return setsLabel(expr, label) || expr.args.filter(isSeries).every(arg => keepsLabel(arg, label));
    case 'binary':
      return binaryKeeps(expr, label);
    case 'vector':
    case 'matrix':
    case 'number':
    case 'string':
      return true;
  }
}

const isSeries = (expr: Expr) => ['vector', 'matrix'].includes(typeOf(expr));

const SETTING: ReadonlySet<string> = new Set(['label_replace', 'label_join']);

const setsLabel = ({ name, args }: Extract<Expr, { type: 'call' }>, label: string) =>
  SETTING.has(name) && args[1]?.type === 'string' && args[1].value === label;

/** These give series that they read; the others make new ones. */
const CHOOSING: ReadonlySet<string> = new Set(['topk', 'bottomk']);

const aggregateKeeps = (
  { operator, grouping, without }: Extract<Expr, { type: 'aggregate' }>,
  label: string,
) => CHOOSING.has(operator) || grouping.includes(label) !== without;

function binaryKeeps({ left, right, matching }: Extract<Expr, { type: 'binary' }>, label: string): boolean {
  if (!matching) return [left, right].filter(isSeries).every(side => keepsLabel(side, label));
  switch (matching.cardinality) {
    case 'one-to-one':
      return matching.labels.includes(label) === matching.on && keepsLabel(left, label);
    // The labels are those of the side of which many match.
    case 'one-to-many':
      return keepsLabel(right, label);
    case 'many-to-one':
    case 'many-to-many':
      return keepsLabel(left, label);
  }
}
