import { goQuote } from '../core/index.ts';
import {
  type Metric,
  type MetricData,
  type ResourceMetrics,
  type ScopeMetrics,
  TEMPORALITY_CUMULATIVE,
} from '../otlp/index.ts';
import {
  appendHistogramPoint,
  appendNumberPoint,
  appendSummaryPoint,
  type MetricContext,
  type PointProblem,
} from './append-points.ts';
import { createLabelNamer, type LabelNamer } from './label-names.ts';
import { metricName } from './metric-names.ts';
import type { TranslationReport } from './report.ts';
import { type ResourceLabels, resourceLabels, scopeLabels } from './resource-labels.ts';
import type { SampleSink } from './sample-sink.ts';
import type { LabelContext } from './series-labels.ts';
import type { TranslationSettings } from './settings.ts';
import { createTargetInfo, type Period } from './target-info.ts';

/** Samples between two steps: some milliseconds. */
const STEP = 1024;

const invalid = (message: string): PointProblem => ({ message, isSample: false });

/**
 * Translates metrics into samples in steps, so that others can have the thread in between: the same names, labels and
 * values as Prometheus gives them (storage/remote/otlptranslator/prometheusremotewrite `FromMetrics`). What cannot be
 * stored is in the report; whether the rest may be, is the caller's to decide.
 */
export function* translateMetrics(
  groups: readonly ResourceMetrics[],
  settings: TranslationSettings,
  sink: SampleSink,
  report: TranslationReport,
): Generator<undefined, void> {
  const namer = createLabelNamer(settings);
  const targetInfo = createTargetInfo(sink, settings.lookbackDelta);
  for (const group of groups) {
    const resource = resourceLabels(group.resource, settings, namer);
    if ('problem' in resource) {
      report.reject(countScopePoints(group.scopeMetrics), invalid(resource.problem));
      continue;
    }
    const collisions = new Set<string>();
    const translation: Translation = {
      settings,
      namer,
      resource,
      sink,
      report,
      onCollision(name) {
        if (!collisions.has(name)) report.warn('label_name_collision');
        collisions.add(name);
      },
    };
    for (const scope of group.scopeMetrics) yield* translateScope(scope, translation);
    const period = periodOf(group.scopeMetrics);
    const problem = period && targetInfo.append(group.resource, { ...translation, scope: new Map() }, period);
    if (problem) report.reject(0, problem);
  }
}

interface Translation extends Omit<LabelContext, 'scope'> {
  readonly namer: LabelNamer;
  readonly resource: ResourceLabels;
  readonly sink: SampleSink;
  readonly report: TranslationReport;
}

function* translateScope(
  { scope, schemaUrl, metrics }: ScopeMetrics,
  translation: Translation,
): Generator<undefined, void> {
  const { settings, namer, report } = translation;
  const { labels, problem } = scopeLabels(scope, schemaUrl, settings, namer);
  if (problem !== undefined) {
    report.reject(countScopePoints([{ scope, schemaUrl, metrics }]), invalid(problem));
    return;
  }
  for (const metric of metrics)
    yield* translateMetric(metric, { ...translation, scope: labels }, translation);
}

function* translateMetric(
  metric: Metric,
  labels: LabelContext,
  { settings, sink, report }: Translation,
): Generator<undefined, void> {
  const { data } = metric;
  const { name, problem } = nameOf(metric, settings);
  if (problem !== undefined) return report.reject(data.points.length, invalid(problem));
  if (data.points.length === 0) return report.warn('empty_data_points');
  if (data.type === 'exponential-histogram')
    return report.rejectUnsupported(
      data.points.length,
      `native histograms are not supported: exponential histogram ${goQuote(metric.name)}`,
    );
  const context: MetricContext = { name, labels, sink, warn: warning => report.warn(warning) };
  let before = sink.pending;
  for (const append of appendersOf(data, context)) {
    const refused = append();
    if (refused) report.reject(1, refused);
    else report.accepted++;
    if (sink.pending - before < STEP) continue;
    yield;
    // It may be another transaction.
    before = sink.pending;
  }
}

/** The name of the metric's series, unless they cannot be stored whatever their points are. */
function nameOf(metric: Metric, settings: TranslationSettings): ReturnType<typeof metricName> {
  const { data, name } = metric;
  if (data.type === 'none')
    return {
      problem: `could not get aggregation temporality for ${name} as it has unsupported metric type Empty`,
    };
  if (!isCumulative(data))
    return { problem: `invalid temporality and type combination for metric ${goQuote(name)}` };
  return metricName(metric, settings);
}

const isCumulative = (data: MetricData): boolean =>
  data.type === 'gauge' || data.type === 'summary' || data.type === 'none'
    ? true
    : data.temporality === TEMPORALITY_CUMULATIVE;

type AppendPoint = () => PointProblem | undefined;

function* appendersOf(data: MetricData, context: MetricContext): Generator<AppendPoint> {
  switch (data.type) {
    case 'gauge':
      for (const point of data.points) yield () => appendNumberPoint(point, context, false);
      return;
    case 'sum':
      for (const point of data.points) yield () => appendNumberPoint(point, context, true);
      return;
    case 'histogram':
      for (const point of data.points) yield () => appendHistogramPoint(point, context);
      return;
    case 'summary':
      for (const point of data.points) yield () => appendSummaryPoint(point, context);
  }
}

const countScopePoints = (scopes: readonly ScopeMetrics[]): number =>
  scopes.flatMap(({ metrics }) => metrics).reduce((sum, { data }) => sum + data.points.length, 0);

export const countPoints = (groups: readonly ResourceMetrics[]): number =>
  groups.reduce((sum, { scopeMetrics }) => sum + countScopePoints(scopeMetrics), 0);

/** Undefined where there is no point. */
function periodOf(scopes: readonly ScopeMetrics[]): Period | undefined {
  let earliest: bigint | undefined;
  let latest = 0n;
  for (const { metrics } of scopes)
    for (const { data } of metrics)
      for (const { timeUnixNano } of data.points) {
        if (earliest === undefined || timeUnixNano < earliest) earliest = timeUnixNano;
        if (timeUnixNano > latest) latest = timeUnixNano;
      }
  return earliest === undefined ? undefined : { earliest, latest };
}
