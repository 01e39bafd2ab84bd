import { expect, it } from 'vitest';
import { createMatcher, Labels } from '../core/index.ts';
import type { Store } from '../tsdb/index.ts';
import { exemplarsText } from './exemplars-view.ts';
import { answerOf, wholeBody } from './query-thread.ts';

/** A store with one exemplar in each of `count` series, which notes the matchers that it is asked with. */
function storeWith(count: number) {
  const asked: string[] = [];
  const store = {
    exemplars: (sets: Parameters<Store['exemplars']>[0]) => {
      asked.push(...sets.map(set => set.join(' and ')));
      return Array.from({ length: count }, (_, i) => ({
        labels: Labels.of({ __name__: 'x_total', i: String(i) }),
        exemplars: [{ labels: Labels.of({ trace_id: `t${i}` }), value: i / 2, timestamp: 1_500 }],
      }));
    },
  } as unknown as Store;
  return { store, asked };
}

const ALWAYS = { from: 0, to: 2_000 };
const x = createMatcher('__name__', '=', 'x_total');

it('writes exemplars as Prometheus does', async () => {
  const answer = answerOf(exemplarsText(storeWith(2).store, [[x]], ALWAYS)!);
  if (!answer.ok) throw new Error(answer.message);
  expect(JSON.parse((await wholeBody(answer)).toString())).toEqual({
    status: 'success',
    data: [0, 1].map(i => ({
      seriesLabels: { __name__: 'x_total', i: String(i) },
      exemplars: [{ labels: { trace_id: `t${i}` }, value: String(i / 2), timestamp: 1.5 }],
    })),
  });
});

it('hands many over in parts, and stops when they are dropped', async () => {
  const { store } = storeWith(20_000);
  const answer = answerOf(exemplarsText(store, [[x]], ALWAYS)!);
  if (!answer.ok || !answer.rest) throw new Error('the answer came in one piece');
  expect(JSON.parse((await wholeBody(answer)).toString()).data).toHaveLength(20_000);
  const dropped = answerOf(exemplarsText(store, [[x]], ALWAYS)!);
  if (!dropped.ok || !dropped.rest) throw new Error('the answer came in one piece');
  dropped.rest.drop();
  expect(await dropped.rest.next()).toBeUndefined();
});

it('compares before it runs regular expressions', () => {
  const { store, asked } = storeWith(0);
  exemplarsText(store, [[createMatcher('i', '=~', '1.*'), x]], ALWAYS);
  expect(asked).toEqual(['__name__="x_total" and i=~"1.*"']);
});

it('is without content where an expression has no selectors', () =>
  expect(exemplarsText(storeWith(0).store, [], ALWAYS)).toBeUndefined());
