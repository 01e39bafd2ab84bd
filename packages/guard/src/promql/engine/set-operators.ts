import type { BinaryExpr } from '../ast.ts';
import type { Frame } from './frame.ts';
import { signaturesOf } from './signatures.ts';
import { matchingOf } from './vector-matching.ts';

/** `and` and `unless`: the samples of the left side that have a partner on the right, or none. */
export function filterByPartner(expr: BinaryExpr, left: Frame, right: Frame): Frame {
  const signatures = signaturesOf(left.labels, right.labels, matchingOf(expr));
  const inRight = seen(right, signatures.right, signatures.count);
  const wanted = expr.operator === 'and' ? 1 : 0;
  const { steps } = left;
  const present = left.present.map((there, cell) => {
    const row = Math.floor(cell / steps);
    return there === 1 && inRight[signatures.left[row]! * steps + (cell % steps)] === wanted ? 1 : 0;
  });
  return { ...left, present };
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
