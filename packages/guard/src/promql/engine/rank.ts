import { formatFloatShort } from '../../core/index.ts';
import { executionError } from '../errors.ts';
import type { Grouping } from './aggregate.ts';
import { createBestRows } from './best-rows.ts';
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
  const sign = operator === 'topk' ? 1 : -1;
  let order: number[] = [];
  for (let step = 0; step < ctx.steps; step++) {
    ctx.query.budget.work(input.labels.length);
    const k = Math.min(Math.trunc(counts[step]!), input.labels.length);
    if (k < 1) {
      order = [];
      continue;
    }
    const groups = labels.map(() => createBestRows(k, sign));
    for (let row = 0; row < groupOf.length; row++) {
      const cell = row * ctx.steps + step;
      if (input.present[cell] === 1) groups[groupOf[row]!]!.add(row, input.values[cell]!);
    }
    order = groups.flatMap(group => group.best());
    for (const row of order) result.present[row * ctx.steps + step] = 1;
  }
  return ctx.isInstant ? takeRows(result, order) : result;
}

const INT64 = 2 ** 63;

function checkCounts(counts: Float64Array): void {
  for (const count of counts) {
    if (Number.isNaN(count)) throw executionError('promql-execution', 'Parameter value is NaN');
    if (count <= -INT64)
      throw executionError('promql-execution', `Scalar value ${formatFloatShort(count)} underflows int64`);
    if (count >= INT64)
      throw executionError('promql-execution', `Scalar value ${formatFloatShort(count)} overflows int64`);
  }
}
