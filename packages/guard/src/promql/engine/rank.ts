import { executionError } from '../errors.ts';
import type { Grouping } from './aggregate.ts';
import type { EvalContext } from './context.ts';
import { createFrame, type Frame } from './frame.ts';
import { takeRows } from './rows.ts';

/** topk and bottomk: each group's k largest or smallest samples. An instant query's result is ordered by value. */
export function rankK(
  ctx: EvalContext,
  operator: 'topk' | 'bottomk',
  input: Frame,
  { groupOf, labels }: Grouping,
  counts: Float64Array,
): Frame {
  const result: Frame = { ...input, present: new Uint8Array(input.present.length) };
  if (counts.every(count => count < 1)) return createFrame([], ctx.steps);
  checkCounts(counts);
  const better = operator === 'topk' ? descending : ascending;
  let order: number[] = [];
  for (let step = 0; step < ctx.steps; step++) {
    ctx.query.budget.work(input.labels.length);
    const groups: number[][] = labels.map(() => []);
    for (let row = 0; row < groupOf.length; row++)
      if (input.present[row * ctx.steps + step] === 1) groups[groupOf[row]!]!.push(row);
    const valueAt = (row: number): number => input.values[row * ctx.steps + step]!;
    const kept = groups.flatMap(rows =>
      rows
        .sort((a, b) => better(valueAt(a), valueAt(b)) || a - b)
        .slice(0, Math.max(0, Math.trunc(counts[step]!))),
    );
    for (const row of kept) result.present[row * ctx.steps + step] = 1;
    order = kept;
  }
  return ctx.steps === 1 ? takeRows(result, order) : result;
}

/** NaN is the worst of all either way. */
const descending = (a: number, b: number): number => nanLast(a, b) ?? b - a;
const ascending = (a: number, b: number): number => nanLast(a, b) ?? a - b;

function nanLast(a: number, b: number): number | undefined {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  // Infinities of the same sign have no difference.
  return a === b ? 0 : undefined;
}

const INT64 = 2 ** 63;

function checkCounts(counts: Float64Array): void {
  for (const count of counts) {
    if (Number.isNaN(count)) throw executionError('promql-execution', 'Parameter value is NaN');
    if (count <= -INT64) throw executionError('promql-execution', `Scalar value ${count} underflows int64`);
    if (count >= INT64) throw executionError('promql-execution', `Scalar value ${count} overflows int64`);
  }
}
