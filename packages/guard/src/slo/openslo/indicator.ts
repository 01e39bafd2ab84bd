import type { Sli } from '../model.ts';
import { type Context, lookUp, type Place, within } from './context.ts';
import type { Metadata } from './fields.ts';
import { queryOf, tellDropped } from './metric.ts';
import { ratioSli } from './ratio.ts';
import type { DocumentOf } from './read.ts';
import type { IndicatorSpec, ObjectiveFields } from './schema.ts';
import { thresholdSli } from './threshold.ts';
import { unused } from './window.ts';

/** An indicator, inlined or referred to. */
export interface PlacedIndicator {
  readonly spec: IndicatorSpec;
  readonly annotations: Metadata['annotations'];
  readonly place: Place;
}

type Holder = Pick<ObjectiveFields, 'indicator' | 'indicatorRef'>;

/** The indicator of one objective of an SLO; undefined, and told, when it has none or two. */
export function indicatorOf(
  { spec, source }: DocumentOf<'SLO'>,
  index: number,
  context: Context,
): PlacedIndicator | undefined {
  const whole: Place = { source, path: ['spec'] };
  const objective = spec.objectives[index]!;
  const ofObjective = within(whole, 'objectives', index);
  const holders = [
    { holder: spec, place: whole },
    { holder: objective, place: ofObjective },
  ].flatMap(({ holder, place }) =>
    FIELDS.filter(field => holder[field]).map(field => ({ holder, place, field })),
  );
  const [first, second] = holders;
  if (!first) {
    context.report.problem(
      source.problemAt(ofObjective.path, {
        code: 'missing-field',
        message: `spec.objectives.${index} has no indicator: give indicator or indicatorRef in spec`,
      }),
    );
    return undefined;
  }
  if (second) {
    context.report.problem(
      source.problemAtKey([...second.place.path, second.field], {
        code: 'bad-value',
        message: 'give one of indicator and indicatorRef, either in spec or in its objectives',
      }),
    );
    return undefined;
  }
  return placed(first.holder, first.place, context);
}

const FIELDS = ['indicator', 'indicatorRef'] as const;

function placed(
  { indicator, indicatorRef }: Holder,
  place: Place,
  context: Context,
): PlacedIndicator | undefined {
  if (indicator)
    return {
      spec: indicator.spec,
      annotations: indicator.metadata?.annotations ?? {},
      place: within(place, 'indicator', 'spec'),
    };
  const found = lookUp('SLI', { name: indicatorRef!, ...within(place, 'indicatorRef') }, context);
  return (
    found && {
      spec: found.spec,
      annotations: found.metadata.annotations,
      place: { source: found.source, path: ['spec'] },
    }
  );
}

/** Tells what is wrong with the queries of an SLI that no objective may use. */
export function checkSli({ spec, source }: DocumentOf<'SLI'>, context: Context): void {
  const place: Place = { source, path: ['spec'] };
  const { thresholdMetric, ratioMetric } = spec;
  if (thresholdMetric) queryOf(thresholdMetric, within(place, 'thresholdMetric'), context);
  if (ratioMetric) ratioSli(ratioMetric, within(place, 'ratioMetric'), [], context);
}

export interface IndicatorUse {
  readonly objective: ObjectiveFields;
  readonly objectivePlace: Place;
  readonly grouping: readonly string[];
  readonly isNativeHistogram: boolean;
}

/** What is measured; undefined, and told, when that cannot be read. */
export function sliOf(
  { spec: { thresholdMetric, ratioMetric }, place }: PlacedIndicator,
  use: IndicatorUse,
  context: Context,
): Sli | undefined {
  const { objective, objectivePlace, grouping, isNativeHistogram } = use;
  if (ratioMetric) {
    for (const field of ['op', 'value'] as const)
      if (objective[field] !== undefined)
        unused(objectivePlace, field, 'a ratioMetric is compared with nothing but the target', context);
    return ratioSli(ratioMetric, within(place, 'ratioMetric'), grouping, context);
  }
  const at = within(place, 'thresholdMetric');
  const query = queryOf(thresholdMetric!, at, context);
  if (query) tellDropped(query, grouping, at, context);
  return (
    query &&
    thresholdSli(
      {
        query,
        place: within(at, 'metricSource', 'spec', 'query'),
        objective,
        objectivePlace,
        isNativeHistogram,
      },
      context,
    )
  );
}
