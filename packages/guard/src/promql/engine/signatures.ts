import type { Labels } from '../../core/index.ts';
import type { VectorMatching } from '../ast.ts';
import { withoutName } from './context.ts';

/** The labels by which a sample finds its partner. */
export const matchingLabels = (labels: Labels, { on, labels: names }: VectorMatching): Labels =>
  on ? labels.keep(names) : withoutName(labels).without(names);

/** Numbers for the rows of two vectors: equal where their matching labels are. */
export interface Signatures {
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly count: number;
}

export function signaturesOf(
  left: readonly Labels[],
  right: readonly Labels[],
  matching: VectorMatching,
): Signatures {
  const numbers = new Map<string, number>();
  const numberOf = (labels: Labels): number => {
    const { key } = matchingLabels(labels, matching);
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, numbers.size);
    return numbers.size - 1;
  };
  return {
    left: Int32Array.from(left, numberOf),
    right: Int32Array.from(right, numberOf),
    get count() {
      return numbers.size;
    },
  };
}
