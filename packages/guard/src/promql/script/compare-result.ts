import type { Labels } from '../../core/index.ts';
import { almostEqual } from '../almost-equal.ts';
import type { QueryResult } from '../engine/result.ts';
import type { EvalCommand } from './parse-script.ts';

/** Relative difference that counts as equal; the reference's own. */
const EPSILON = 1e-6;

/** Answers why a result is not what a script expects; undefined when it is. */
export function compareResult(command: EvalCommand, result: QueryResult): string | undefined {
  switch (result.type) {
    case 'string':
      return command.string === result.value ? undefined : `got the string ${JSON.stringify(result.value)}`;
    case 'scalar':
      if (command.scalar === undefined) return `got the scalar ${result.value}, expected none`;
      return sameValue(command.scalar, result.value)
        ? undefined
        : `got ${result.value}, expected ${command.scalar}`;
    case 'vector': {
      if (command.scalar !== undefined) return `got a vector, expected the scalar ${command.scalar}`;
      const rows = result.samples.map(({ labels, value }) => ({ labels, points: new Map([[0, value]]) }));
      return compareRows(
        expectedRows(command, () => 0),
        rows,
        isOrdered(command),
      );
    }
    case 'matrix': {
      if (command.scalar !== undefined) return `got a matrix, expected the scalar ${command.scalar}`;
      if (isOrdered(command)) return 'got a matrix, expected an ordered vector';
      const rows = result.series.map(({ labels, timestamps, values }) => ({
        labels,
        points: new Map(Array.from(timestamps, (time, i) => [time, values[i]!])),
      }));
      const { start, step } = command.grid ?? { start: command.start, step: command.step ?? 1 };
      return compareRows(
        expectedRows(command, i => start + i * step),
        rows,
        false,
      );
    }
  }
}

interface Row {
  readonly labels: Labels;
  readonly points: ReadonlyMap<number, number>;
}

export const isOrdered = ({ expectations }: EvalCommand): boolean =>
  expectations.some(({ kind }) => kind === 'ordered');

const expectedRows = ({ series }: EvalCommand, timeOf: (index: number) => number): Row[] =>
  series.map(({ labels, values }) => ({
    labels,
    points: new Map(values.flatMap((value, i) => (typeof value === 'number' ? [[timeOf(i), value]] : []))),
  }));

function compareRows(expected: readonly Row[], actual: readonly Row[], ordered: boolean): string | undefined {
  for (const [i, row] of expected.entries()) {
    const found = ordered ? actual[i] : actual.find(({ labels }) => labels.equals(row.labels));
    if (!found?.labels.equals(row.labels))
      return `missing ${row.labels}${ordered ? ` at place ${i + 1}` : ''}; got ${actual.map(({ labels }) => labels).join(' ')}`;
    const difference = comparePoints(row, found);
    if (difference !== undefined) return difference;
  }
  const extra = actual.find(({ labels }) => !expected.some(row => row.labels.equals(labels)));
  if (extra) return `unexpected ${extra.labels} ${[...extra.points.values()]}`;
  return actual.length === expected.length
    ? undefined
    : `got ${actual.length} series, expected ${expected.length}`;
}

function comparePoints(expected: Row, actual: Row): string | undefined {
  const times = new Set([...expected.points.keys(), ...actual.points.keys()]);
  for (const time of times) {
    const [wanted, got] = [expected.points.get(time), actual.points.get(time)];
    if (wanted === undefined || got === undefined || !sameValue(wanted, got))
      return `${expected.labels} at ${time} ms: expected ${wanted ?? 'nothing'}, got ${got ?? 'nothing'}`;
  }
  return undefined;
}

const sameValue = (expected: number, actual: number): boolean => almostEqual(expected, actual, EPSILON);
