import { Labels, METRIC_NAME, type Milliseconds } from '../core/index.ts';
import type { Resource } from '../otlp/index.ts';
import type { PointProblem } from './append-points.ts';
import { toMilliseconds } from './nanoseconds.ts';
import { IDENTIFYING_ATTRIBUTES } from './resource-labels.ts';
import type { SampleSink } from './sample-sink.ts';
import { type LabelContext, pointLabels } from './series-labels.ts';

/** From the first to the last point of a resource, nanoseconds. */
export interface Period {
  readonly earliest: bigint;
  readonly latest: bigint;
}

/** Samples of one resource in one request: two weeks of them at the usual lookback. */
const MAX_SAMPLES = 8192;

/** Writes `target_info` of resources. */
export interface TargetInfo {
  /**
   * Writes one sample at each half of the lookback in the period and at its end, unless the request wrote it before.
   * Gives the reason where one is not taken. (prometheusremotewrite `addResourceTargetInfo`.)
   */
  append(resource: Resource, context: LabelContext, period: Period): PointProblem | undefined;
}

export function createTargetInfo(sink: SampleSink, lookbackDelta: Milliseconds): TargetInfo {
  const written = new Set<string>();
  const step = BigInt(Math.trunc(lookbackDelta / 2)) * 1_000_000n;

  function write(labels: Labels, nanoseconds: bigint): string | undefined {
    const timestamp = toMilliseconds(nanoseconds);
    const key = `${timestamp} ${labels.key}`;
    if (written.has(key)) return undefined;
    written.add(key);
    return sink.append(labels, timestamp, 1);
  }

  return {
    append(resource, context, { earliest, latest }) {
      const found = targetLabels(resource, context);
      if (found === undefined) return undefined;
      if (typeof found === 'string') return { message: found, isSample: false };
      let count = 0;
      for (let at = earliest; at < latest; at += step) {
        if (++count > MAX_SAMPLES)
          return { message: `target_info would need more than ${MAX_SAMPLES} samples`, isSample: false };
        const refused = write(found, at);
        if (refused !== undefined) return { message: refused, isSample: true };
      }
      const refused = write(found, latest);
      return refused === undefined ? undefined : { message: refused, isSample: true };
    },
  };
}

/** Undefined where the resource says no more than `job` and `instance`, or not even one of these. */
function targetLabels({ attributes }: Resource, context: LabelContext): Labels | string | undefined {
  const identifying = IDENTIFYING_ATTRIBUTES.filter(name => attributes.some(({ key }) => key === name));
  if (attributes.length === identifying.length) return undefined;
  const ignored = context.settings.keepsIdentifyingAttributes ? [] : IDENTIFYING_ATTRIBUTES;
  const bare: LabelContext = {
    ...context,
    resource: { ...context.resource, promoted: new Map() },
    scope: new Map(),
  };
  const { labels, problem } = pointLabels(attributes, bare, ignored);
  if (problem !== undefined) return problem;
  if (!labels.has('job') && !labels.has('instance')) return undefined;
  return Labels.of([...labels, [METRIC_NAME, 'target_info']]);
}
