import type { ValueType } from '../../../packages/guard/src/promql/index.ts';

/** A piece of a query that can be taken out of it: text and further terms, in the order they are written. */
export interface Term {
  readonly type: ValueType;
  readonly parts: ReadonlyArray<string | Term>;
}

export const term = (type: ValueType, ...parts: ReadonlyArray<string | Term>): Term => ({ type, parts });

export const textOf = (one: Term): string =>
  one.parts.map(part => (typeof part === 'string' ? part : textOf(part))).join('');

/** All terms within, the term itself not included, outer ones first. */
export function within(one: Term): Term[] {
  const children = one.parts.filter(part => typeof part !== 'string');
  return [...children, ...children.flatMap(within)];
}

/** `items` with commas between them. */
export const listed = (items: readonly Term[]): Array<string | Term> =>
  items.flatMap((item, i) => (i === 0 ? [item] : [', ', item]));

/** Every term that is one step simpler: a part in place of the whole, or a part of a part in place of the part. */
export function* simpler(one: Term): Generator<Term> {
  for (const inner of within(one)) if (inner.type === one.type) yield inner;
  for (const [i, part] of one.parts.entries()) {
    if (typeof part === 'string') continue;
    for (const smaller of simpler(part)) yield { ...one, parts: one.parts.with(i, smaller) };
  }
}
