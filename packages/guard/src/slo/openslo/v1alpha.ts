import { checkShape, type Path, type YamlSource } from '../../config/index.ts';
import { UserError } from '../../core/index.ts';
import { placedSource } from '../placed-source.ts';
import type { OpenSloDocument } from './read.ts';
import type { IndicatorSpec, MetricFields, SloSpec } from './schema.ts';
import { V1ALPHA_SCHEMAS, type V1AlphaKind, type V1AlphaService, type V1AlphaSlo } from './v1alpha-schema.ts';

/**
 * A document of OpenSLO v1alpha in the shape of v1, its places those of the document.
 *
 * @throws UserError with every problem of its shape
 */
export function readV1Alpha(source: YamlSource): OpenSloDocument {
  const { kind } = source.value as { kind?: unknown };
  if (typeof kind !== 'string' || !Object.hasOwn(V1ALPHA_SCHEMAS, kind)) {
    throw UserError.ofProblems([
      source.problemAt(['kind'], {
        code: 'unknown-kind',
        message: `kind must be one of ${Object.keys(V1ALPHA_SCHEMAS).join(', ')}`,
      }),
    ]);
  }
  const fields = checkShape<V1AlphaService | V1AlphaSlo>(V1ALPHA_SCHEMAS[kind as V1AlphaKind], source);
  if (fields.kind === 'Service') return { ...fields, apiVersion: 'openslo/v1', source };
  return {
    apiVersion: 'openslo/v1',
    kind: 'SLO',
    metadata: fields.metadata,
    spec: specOf(fields.spec),
    source: placedSource(source, source.value, placeInV1Alpha),
  };
}

/** v1alpha has no length of a slice; one minute is what its implementations take. */
const SLICE_MINUTES = 1;

function specOf({ timeWindows, indicator, objectives, ...same }: V1AlphaSlo['spec']): SloSpec {
  const hasSlices = same.budgetingMethod === 'Timeslices';
  return {
    ...same,
    ...(timeWindows && { timeWindow: timeWindows.map(windowOf) }),
    ...(indicator && { indicator: { spec: { thresholdMetric: metricOf(indicator.thresholdMetric) } } }),
    objectives: objectives.map(({ ratioMetrics, value, ...objective }) => ({
      ...objective,
      // v1alpha demands a value even where nothing is compared with it.
      ...(ratioMetrics ? { indicator: { spec: ratioOf(ratioMetrics) } } : { value }),
      ...(hasSlices && { timeSliceWindow: SLICE_MINUTES }),
    })),
  };
}

type Objective = V1AlphaSlo['spec']['objectives'][number];

const ratioOf = (metrics: NonNullable<Objective['ratioMetrics']>): IndicatorSpec => ({
  ratioMetric: {
    counter: metrics.incremental ?? metrics.counter,
    good: metricOf(metrics.good),
    total: metricOf(metrics.total),
  },
});

const metricOf = ({ source, query }: { source: string; query: string }): MetricFields => ({
  metricSource: { type: source, spec: { query } },
});

const POSTFIX = { Second: 's', Day: 'd', Week: 'w', Month: 'M', Quarter: 'Q', Year: 'Y' } as const;

const windowOf = ({ unit, count, ...same }: NonNullable<V1AlphaSlo['spec']['timeWindows']>[number]) => ({
  ...same,
  duration: `${count}${POSTFIX[unit]}`,
});

/** Where what stands at a path of v1 stands in v1alpha. */
function placeInV1Alpha(path: Path): Path {
  const [spec, field, index, ...rest] = path;
  if (spec !== 'spec') return path;
  if (field === 'timeWindow')
    return ['spec', 'timeWindows', ...path.slice(2).map(step => (step === 'duration' ? 'unit' : step))];
  if (field === 'indicator') return ['spec', 'indicator', ...metricPlace(path.slice(3))];
  if (field === 'objectives' && rest[0] === 'indicator')
    return ['spec', 'objectives', index!, ...metricPlace(rest.slice(2))];
  return path;
}

/** Places within an indicator's `spec`. */
const metricPlace = (path: Path): Path =>
  path.flatMap(step => {
    if (step === 'ratioMetric') return ['ratioMetrics'];
    if (step === 'type') return ['source'];
    return step === 'metricSource' || step === 'spec' ? [] : [step];
  });
