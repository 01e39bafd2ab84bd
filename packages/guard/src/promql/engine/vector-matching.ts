import { goQuote, Labels } from '../../core/index.ts';
import { type BinaryExpr, isComparison, type VectorMatching } from '../ast.ts';
import { executionError } from '../errors.ts';
import { printName } from '../print.ts';
import { elementOperation } from './binary.ts';
import { type EvalContext, withoutName } from './context.ts';
import { createFrameBuilder, type Frame, type FrameBuilder } from './frame.ts';
import { matchingLabels, type Signatures, signaturesOf } from './signatures.ts';

/** An operator between two vectors: each sample of the "many" side with its partner on the "one" side. */
export function matchVectors(ctx: EvalContext, expr: BinaryExpr, left: Frame, right: Frame): Frame {
  const matching = matchingOf(expr);
  const swapped = matching.cardinality === 'one-to-many';
  const signatures = signaturesOf(left.labels, right.labels, matching);
  const sides: Sides = swapped
    ? { many: right, one: left, manySignatures: signatures.right, oneSignatures: signatures.left, swapped }
    : { many: left, one: right, manySignatures: signatures.left, oneSignatures: signatures.right, swapped };
  return createMatcher(ctx, expr, sides, signatures).run();
}

/** How an operator between two vectors matches them. */
export function matchingOf({ matching, operator }: BinaryExpr): VectorMatching {
  if (!matching) throw new Error(`BUG: ${operator} between vectors has no matching`);
  return matching;
}

interface Sides {
  readonly many: Frame;
  readonly one: Frame;
  readonly manySignatures: Int32Array;
  readonly oneSignatures: Int32Array;
  readonly swapped: boolean;
}

const NONE = -1;

function createMatcher(
  ctx: EvalContext,
  expr: BinaryExpr,
  sides: Sides,
  { count }: Signatures,
): { run(): Frame } {
  const { many, one, manySignatures, oneSignatures, swapped } = sides;
  const { steps } = ctx;
  const { value, keeps, dropsName } = elementOperation(ctx, expr);
  const result = createFrameBuilder(steps, many.labels.length);
  const rows = createResultRows(ctx, expr, sides, result, dropsName);
  const partners = new Int32Array(count);
  const matched = new Uint8Array(count);
  const matching = matchingOf(expr);
  const oneToOne = matching.cardinality === 'one-to-one';
  const grouped = oneToOne ? undefined : new Set<string>();

  function findPartners(step: number): void {
    partners.fill(NONE);
    for (let row = 0; row < oneSignatures.length; row++) {
      if (one.present[row * steps + step] === 0) continue;
      const signature = oneSignatures[row]!;
      if (partners[signature] !== NONE) throw duplicateSeries(matching, one, row, partners[signature]!);
      partners[signature] = row;
    }
  }

  function claim(signature: number, resultLabels: Labels): void {
    if (oneToOne) {
      if (matched[signature] === 1)
        throw failure(
          'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)',
        );
      matched[signature] = 1;
      return;
    }
    const key = `${signature}\n${resultLabels.key}`;
    if (grouped!.has(key))
      throw failure('multiple matches for labels: grouping labels must ensure unique matches');
    grouped!.add(key);
  }

  function matchStep(step: number): void {
    findPartners(step);
    matched.fill(0);
    grouped?.clear();
    for (let row = 0; row < manySignatures.length; row++) {
      if (many.present[row * steps + step] === 0) continue;
      const signature = manySignatures[row]!;
      const partner = partners[signature]!;
      if (partner === NONE) continue;
      const target = rows.of(row, partner);
      claim(signature, target.labels);
      const mine = many.values[row * steps + step]!;
      const theirs = one.values[partner * steps + step]!;
      const [a, b] = swapped ? [theirs, mine] : [mine, theirs];
      if (!keeps(a, b)) continue;
      const index = rows.indexOf(target);
      if (result.has(index, step)) throw failure('vector cannot contain metrics with the same labelset');
      result.set(index, step, value(a, b));
    }
  }

  return {
    run() {
      for (let step = 0; step < steps; step++)
        if (hasAny(many, step) && hasAny(one, step)) {
          ctx.query.budget.work(manySignatures.length);
          matchStep(step);
        }
      return result.finish();
    },
  };
}

function hasAny({ labels, present, steps }: Frame, step: number): boolean {
  for (let row = 0; row < labels.length; row++) if (present[row * steps + step] === 1) return true;
  return false;
}

interface ResultRow {
  readonly labels: Labels;
  index: number;
}

interface ResultRows {
  /** The result row of a pair, the same one for as long as the row of the "many" side keeps its partner. */
  of(row: number, partner: number): ResultRow;
  indexOf(row: ResultRow): number;
}

function createResultRows(
  ctx: EvalContext,
  expr: BinaryExpr,
  { many, one }: Sides,
  result: FrameBuilder,
  dropsName: boolean,
): ResultRows {
  const { delayedNameRemoval } = ctx.query;
  const matching = matchingOf(expr);
  // Arithmetic drops the name at once even where removal is delayed; `bool` waits.
  const dropNow = isComparison(expr.operator) ? dropsName && !delayedNameRemoval : true;
  const dropLater = delayedNameRemoval && dropsName && isComparison(expr.operator);
  const lastPartner = new Int32Array(many.labels.length).fill(NONE);
  const cache: ResultRow[] = [];
  return {
    of(row, partner) {
      if (lastPartner[row] === partner) return cache[row]!;
      lastPartner[row] = partner;
      cache[row] = {
        labels: resultLabels(many.labels[row]!, one.labels[partner]!, matching, dropNow),
        index: NONE,
      };
      return cache[row]!;
    },
    indexOf(row) {
      if (row.index === NONE) row.index = result.rowOf(row.labels, dropLater);
      return row.index;
    },
  };
}

function resultLabels(many: Labels, one: Labels, matching: VectorMatching, dropName: boolean): Labels {
  let labels = dropName ? withoutName(many) : many;
  if (matching.cardinality === 'one-to-one')
    labels = matching.on ? labels.keep(matching.labels) : labels.without(matching.labels);
  if (matching.include.length === 0) return labels;
  return Labels.of([...labels, ...matching.include.map(name => [name, one.get(name)] as const)]);
}

const failure = (message: string): Error => executionError('promql-execution', message);

function duplicateSeries(matching: VectorMatching, one: Frame, row: number, other: number): Error {
  const group = matchingLabels(one.labels[row]!, matching);
  const side = matching.cardinality === 'one-to-many' ? 'left' : 'right';
  const [first, second] = [bare(one.labels[row]!), bare(one.labels[other]!)].sort();
  return failure(
    `found duplicate series for the match group ${bare(group)} on the ${side} hand-side of the operation: ` +
      `[${first}, ${second}];many-to-many matching not allowed: matching labels must be unique on one side`,
  );
}

const bare = (labels: Labels): string =>
  `{${[...labels].map(([name, value]) => `${printName(name)}=${goQuote(value)}`).join(', ')}}`;
