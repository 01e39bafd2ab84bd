import type { GaugeSli, NativeLatencySli } from '../model.ts';
import { asOperand, JUDGED_OVER, type Query } from '../windowed-query.ts';
import type { Context, Place } from './context.ts';
import type { Operator } from './fields.ts';
import type { ObjectiveFields } from './schema.ts';

const OPERATORS: Record<Operator, GaugeSli['op']> = { lt: '<', lte: '<=', gt: '>', gte: '>=' };

export interface ThresholdUse {
  readonly query: Query;
  /** Of the query. */
  readonly place: Place;
  readonly objective: ObjectiveFields;
  readonly objectivePlace: Place;
  /** Whether the query selects a native histogram, whose observations are compared. */
  readonly isNativeHistogram: boolean;
}

/** A `thresholdMetric` with what its objective compares it with; undefined, and told, when that is not given. */
export function thresholdSli(use: ThresholdUse, context: Context): GaugeSli | NativeLatencySli | undefined {
  const { op, value } = use.objective;
  if (op === undefined || value === undefined) {
    const { source, path } = use.objectivePlace;
    context.report.problem(
      source.problemAt(path, {
        code: 'missing-field',
        message: `give op and value in ${path.join('.')}: a thresholdMetric is compared with them`,
      }),
    );
    return undefined;
  }
  if (use.isNativeHistogram) return nativeLatency(use, op, value, context);
  return { kind: 'gauge', gauge: gaugeOf(use.query), op: OPERATORS[op], value };
}

/** What has a value at each instant: a rate over a window does, once the window is chosen. */
function gaugeOf(query: Query): string {
  switch (query.kind) {
    case 'selector':
      return query.selector;
    case 'instant':
      return asOperand(query.text);
    case 'windowed':
      return asOperand(query.query.over(JUDGED_OVER));
  }
}

function nativeLatency(
  { query, place, objectivePlace }: ThresholdUse,
  op: Operator,
  threshold: number,
  { report }: Context,
): NativeLatencySli | undefined {
  if (query.kind !== 'selector') {
    report.problem(
      place.source.problemAt(place.path, {
        code: 'bad-selector',
        message: 'must be a plain selector of a native histogram',
        remedy: 'rates, fractions and windows are added by the generator',
      }),
    );
    return undefined;
  }
  if ((op !== 'lte' && op !== 'lt') || threshold <= 0) {
    const { source, path } = objectivePlace;
    report.problem(
      source.problemAt([...path, op === 'lte' || op === 'lt' ? 'value' : 'op'], {
        code: 'bad-value',
        message: 'observations of a native histogram are good up to a value above 0: use op lte',
      }),
    );
    return undefined;
  }
  return { kind: 'native-latency', histogram: query.selector, threshold };
}
