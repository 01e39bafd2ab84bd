import { expect, it } from 'vitest';
import type { TraceSpan } from '../../../../guard/src/server/console-types.ts';
import { buildSpanTree } from './span-tree.ts';

function span(spanId: string, parentSpanId: string | null, start: number, durationMs: number): TraceSpan {
  return {
    spanId,
    parentSpanId,
    service: 'service_a',
    operation: spanId,
    kind: 'internal',
    start,
    durationMs,
    error: false,
    attributes: {},
    events: [],
  };
}

const outline = (spans: TraceSpan[]) =>
  buildSpanTree(spans).rows.map(row => `${'  '.repeat(row.depth)}${row.span.spanId}${row.orphan ? '?' : ''}`);

it('orders spans depth first and siblings by start, whatever the order they came in', () => {
  const spans = [
    span('late', 'root', 60, 10),
    span('leaf', 'early', 12, 3),
    span('early', 'root', 10, 20),
    span('root', null, 0, 100),
  ];
  expect(outline(spans)).toEqual(['root', '  early', '    leaf', '  late']);
});

it('places each span as a share of the whole trace', () => {
  const { rows, durationMs } = buildSpanTree([
    span('root', null, 1000, 100),
    span('child', 'root', 1050, 25),
  ]);
  expect(durationMs).toBe(100);
  expect(rows.map(row => [row.offset, row.width])).toEqual([
    [0, 1],
    [0.5, 0.25],
  ]);
});

it('shows a span whose parent never came, with its children, and marks it', () => {
  expect(outline([span('lost', 'gone', 5, 5), span('below', 'lost', 6, 1)])).toEqual(['lost?', '  below']);
});

it('loses no span to a cycle', () => {
  expect(outline([span('a', 'b', 0, 1), span('b', 'a', 1, 1)])).toEqual(['a?', '  b']);
});

it('survives an empty trace and one without duration', () => {
  expect(buildSpanTree([]).rows).toEqual([]);
  expect(buildSpanTree([span('only', null, 5, 0)]).rows[0]).toMatchObject({ offset: 0, width: 1 });
});

it('reads a chain of ten thousand spans without overflowing the stack', () => {
  const spans = Array.from({ length: 10_000 }, (_, i) => span(`s${i}`, i === 0 ? null : `s${i - 1}`, i, 1));
  expect(buildSpanTree(spans).rows).toHaveLength(10_000);
});
