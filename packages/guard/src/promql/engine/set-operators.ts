import type { BinaryExpr } from '../ast.ts';
import type { EvalContext } from './context.ts';
import { createFrame, type Frame } from './frame.ts';
import { mergeDuplicates } from './merge.ts';
import { signaturesOf } from './signatures.ts';

/** `and`, `or` and `unless`. */
export function combineSets(ctx: EvalContext, expr: BinaryExpr, left: Frame, right: Frame): Frame {
  const signatures = signaturesOf(left.labels, right.labels, expr.matching);
  const { steps } = ctx;
  const inLeft = seen(left, signatures.left, signatures.count);
  const inRight = seen(right, signatures.right, signatures.count);
  if (expr.operator === 'and')
    return filter(left, cell => inRight[signatures.left[(cell / steps) | 0]! * steps + (cell % steps)] === 1);
  if (expr.operator === 'unless')
    return filter(left, cell => inRight[signatures.left[(cell / steps) | 0]! * steps + (cell % steps)] === 0);
  const added = filter(
    right,
    cell => inLeft[signatures.right[(cell / steps) | 0]! * steps + (cell % steps)] === 0,
  );
  const union = join(left, added);
  return mergeDuplicates(union);
}

/** For each signature and step, whether any row has a sample there. */
function seen(frame: Frame, signatures: Int32Array, count: number): Uint8Array {
  const { steps, present } = frame;
  const found = new Uint8Array(count * steps);
  for (let row = 0; row < signatures.length; row++) {
    const target = signatures[row]! * steps;
    for (let step = 0; step < steps; step++) if (present[row * steps + step] === 1) found[target + step] = 1;
  }
  return found;
}

function filter(frame: Frame, keeps: (cell: number) => boolean): Frame {
  const present = frame.present.map((there, cell) => (there === 1 && keeps(cell) ? 1 : 0));
  return { ...frame, present };
}

function join(first: Frame, second: Frame): Frame {
  const frame = createFrame([...first.labels, ...second.labels], first.steps, [
    ...first.dropName,
    ...second.dropName,
  ]);
  frame.values.set(first.values);
  frame.values.set(second.values, first.values.length);
  frame.present.set(first.present);
  frame.present.set(second.present, first.present.length);
  return frame;
}
