import { parseFloatText } from '../../../packages/guard/src/core/index.ts';
import type { Answer, Metric, Point, QueryData } from './ask.ts';

export interface CompareOptions {
  /** How far values may be apart, relative to the larger; 0 for equal bits. */
  readonly tolerance: number;
  /** Values are taken to be at least this large. */
  readonly scale: number;
  /** Values from this one on may be infinite. */
  readonly overflow: number;
  /** Values that are both below this one are not compared. */
  readonly least: number;
  /**
   * How vectors are compared: series by series in the order given; by the order of their values, where that of equal
   * values is anybody's; or as sets.
   */
  readonly order: 'series' | 'values' | 'none';
}

/** What differs first between two answers, or undefined. */
export function difference(theirs: Answer, ours: Answer, options: CompareOptions): string | undefined {
  if (theirs.status !== ours.status || theirs.errorType !== ours.errorType)
    return `${outcome(theirs)} | ${outcome(ours)}`;
  if (theirs.status === 'error') return undefined;
  return dataDifference(theirs.data!, ours.data!, options) ?? messageDifference(theirs, ours);
}

const outcome = ({ status, errorType, error }: Answer) =>
  status === 'success' ? status : `${errorType}: ${error}`;

function messageDifference(theirs: Answer, ours: Answer): string | undefined {
  for (const kind of ['warnings', 'infos'] as const) {
    const [expected, actual] = [theirs, ours].map(answer => (answer[kind] ?? []).map(withoutTally).sort());
    // Of more than ten, Prometheus shows any ten.
    const isCut = expected!.some(text => text.endsWith('annotations omitted'));
    if (isCut ? expected!.length !== actual!.length : JSON.stringify(expected) !== JSON.stringify(actual))
      return `${kind} ${JSON.stringify(expected)} | ${JSON.stringify(actual)}`;
  }
  return undefined;
}

/**
 * Over more than one step Prometheus adds its running total to itself again and again, so that 40 samples are told as
 * 10^14 (docs/conformance.md); ours are counted.
 */
const withoutTally = (message: string) => message.replace(/over -?\d+ samples/, 'over some samples');

function dataDifference(theirs: QueryData, ours: QueryData, options: CompareOptions): string | undefined {
  const apart = (a: readonly Point[], b: readonly Point[]) => pointDifference(a, b, options);
  if (theirs.resultType === 'vector' && ours.resultType === 'vector') {
    const values = (data: typeof theirs) => data.result.map(({ value }) => unsigned(value));
    const outOfOrder = options.order === 'values' ? apart(values(theirs), values(ours)) : undefined;
    const rows = ({ result }: typeof theirs) => {
      const found = result.map(({ metric, value }) => ({ key: keyOf(metric), points: [value] }));
      return options.order === 'series' ? found : found.sort(byKey);
    };
    return outOfOrder ?? rowDifference(rows(theirs), rows(ours), apart);
  }
  if (theirs.resultType === 'matrix' && ours.resultType === 'matrix') {
    const rows = (data: typeof theirs) =>
      data.result.map(({ metric, values }) => ({ key: keyOf(metric), points: values }));
    return rowDifference(rows(theirs), rows(ours), apart);
  }
  if (theirs.resultType === 'scalar' && ours.resultType === 'scalar')
    return apart([theirs.result], [ours.result]);
  return JSON.stringify(theirs) === JSON.stringify(ours)
    ? undefined
    : `${theirs.resultType} | ${ours.resultType}`;
}

/** Zeros of both signs are equal where values are put in order. */
const unsigned = ([time, value]: Point): Point => [time, value === '-0' ? '0' : value];

interface Row {
  readonly key: string;
  readonly points: readonly Point[];
}

const keyOf = (metric: Metric) => JSON.stringify(Object.entries(metric).sort(([a], [b]) => (a < b ? -1 : 1)));
const byKey = (a: Row, b: Row) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);

function rowDifference(
  theirs: readonly Row[],
  ours: readonly Row[],
  apart: (a: readonly Point[], b: readonly Point[]) => string | undefined,
): string | undefined {
  for (const [i, { key, points }] of theirs.entries()) {
    const other = ours[i];
    if (other?.key !== key) return `series ${key} | ${other?.key ?? 'none'}`;
    const found = apart(points, other.points);
    if (found !== undefined) return `${key} ${found}`;
  }
  return ours.length > theirs.length ? `series none | ${ours[theirs.length]!.key}` : undefined;
}

function pointDifference(
  theirs: readonly Point[],
  ours: readonly Point[],
  options: CompareOptions,
): string | undefined {
  if (theirs.length !== ours.length) return `${theirs.length} | ${ours.length} points`;
  for (const [i, [time, value]] of theirs.entries()) {
    const [otherTime, otherValue] = ours[i]!;
    if (time !== otherTime) return `time ${time} | ${otherTime}`;
    if (value !== otherValue && !isNear(value, otherValue, options))
      return `at ${time}: ${value} | ${otherValue}`;
  }
  return undefined;
}

function isNear(a: string, b: string, { tolerance, scale, overflow, least }: CompareOptions): boolean {
  // Zero and negative zero are no further apart than any other bits.
  if (tolerance === 0) return false;
  const [x, y] = [parseFloatText(a)!, parseFloatText(b)!];
  if (Math.abs(x) === Number.POSITIVE_INFINITY) return x > 0 ? y >= overflow : y <= -overflow;
  if (x < least && y < least) return true;
  const size = Math.max(Math.abs(x), Math.abs(y), scale);
  return size < Number.POSITIVE_INFINITY && Math.abs(x - y) <= tolerance * size;
}
