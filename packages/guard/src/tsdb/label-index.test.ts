import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareLabels, Labels, type MatchOperator } from '../core/index.ts';
import { LabelIndex } from './label-index.ts';
import { match } from './testing.ts';

const NAMES = ['__name__', 'a', 'b', 'c'];
const VALUES = ['', 'x', 'y', 'xy', 'é\n'];
const PATTERNS = ['', 'x', 'x|y', 'x.*', '.*', '.+', '[^x]*', 'y?', '(x|y)+'];

const labelSet = fc
  .tuple(...NAMES.map(() => fc.constantFrom(...VALUES)))
  .map(values => Labels.of(values.map((value, i) => [NAMES[i]!, value] as const)));
const matcher = fc.oneof(
  fc.tuple(
    fc.constantFrom(...NAMES, 'nowhere'),
    fc.constantFrom<MatchOperator>('=', '!='),
    fc.constantFrom(...VALUES),
  ),
  fc.tuple(
    fc.constantFrom(...NAMES, 'nowhere'),
    fc.constantFrom<MatchOperator>('=~', '!~'),
    fc.constantFrom(...PATTERNS),
  ),
);

describe('the label index', () => {
  it('finds what looking at every series finds, also after some were removed', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(labelSet, { maxLength: 40, selector: set => set.key }),
        fc.array(matcher, { maxLength: 4 }),
        fc.func(fc.boolean()),
        (sets, conditions, isRemoved) => {
          const index = new LabelIndex();
          // Ids have holes, as they get when series come and go.
          const series = sets.map((set, i) => ({ id: i * 2 + 1, set }));
          for (const { id, set } of series) index.add(id, set);
          const removed = new Set(series.filter(({ id }) => isRemoved(id)).map(({ id }) => id));
          index.remove(removed);
          const left = series.filter(({ id }) => !removed.has(id));
          const matchers = conditions.map(([name, operator, value]) => match(name, operator, value));
          const expected = left.filter(({ set }) => matchers.every(m => m.matches(set.get(m.name))));
          expect(index.select(matchers)).toEqual(expected.map(({ id }) => id));
          expect(index.names(() => true)).toEqual(
            NAMES.filter(name => left.some(({ set }) => set.has(name))),
          );
          for (const name of NAMES) {
            const values = new Set(left.map(({ set }) => set.get(name)).filter(Boolean));
            expect(new Set(index.values(name, () => true))).toEqual(values);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('orders few series and many alike, also after some came and went', () => {
    const index = new LabelIndex();
    const set = (i: number) => Labels.of({ a: `${(i * 7919) % 1000}`, b: `${i % 3}` });
    for (let id = 1; id <= 1000; id++) index.add(id, set(id));
    const expected = (ids: readonly number[]) => ids.toSorted((x, y) => compareLabels(set(x), set(y)));
    const check = () => {
      for (const part of [index.ids, index.ids.slice(0, 20), index.ids.slice(300, 700), []])
        expect(index.inOrder(part)).toEqual(expected(part));
    };
    check();
    index.remove(new Set([3, 500, 999]));
    check();
    index.add(1001, set(1001));
    check();
  });
});
