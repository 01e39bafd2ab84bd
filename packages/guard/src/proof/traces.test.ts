import { expect, it } from 'vitest';
import { joins } from './traces.ts';

const span = (spanID: string, processID: string, parent?: string) => ({
  spanID,
  processID,
  ...(parent === undefined ? {} : { references: [{ refType: 'CHILD_OF', spanID: parent }] }),
});
const processes = { a: { serviceName: 'gate' }, b: { serviceName: 'stock' }, c: { serviceName: 'db' } };
const trace = (...spans: ReturnType<typeof span>[]) => ({ traceID: 't', spans, processes });

it.each<[string, ReturnType<typeof trace>, string[], boolean]>([
  ['a child joins its parent', trace(span('1', 'a'), span('2', 'b', '1')), ['gate', 'stock'], true],
  [
    'spans between them do not matter',
    trace(span('1', 'a'), span('2', 'a', '1'), span('3', 'b', '2')),
    ['gate', 'stock'],
    true,
  ],
  [
    'three services join in a row',
    trace(span('1', 'a'), span('2', 'b', '1'), span('3', 'c', '2')),
    ['gate', 'stock', 'db'],
    true,
  ],
  ['the direction counts', trace(span('1', 'b'), span('2', 'a', '1')), ['gate', 'stock'], false],
  ['two roots are not joined', trace(span('1', 'a'), span('2', 'b')), ['gate', 'stock'], false],
  ['a lost parent does not join', trace(span('1', 'a'), span('2', 'b', '9')), ['gate', 'stock'], false],
  ['a circle ends', trace(span('1', 'b', '2'), span('2', 'b', '1')), ['gate', 'stock'], false],
])('%s', (_what, given, services, expected) => {
  expect(joins(given, services)).toBe(expected);
});
