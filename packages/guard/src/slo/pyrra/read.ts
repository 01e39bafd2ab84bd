import { checkShape, type Path, type YamlSource } from '../../config/index.ts';
import { type Problem, parseDuration, parseFloatText, UserError } from '../../core/index.ts';
import type { ReadResult } from '../format.ts';
import type { Warning } from '../warnings.ts';
import { readMetric } from './metric.ts';
import { SERVICE_LEVEL_OBJECTIVE, type Written } from './schema.ts';
import {
  DEFAULT_ABSENT_NAME,
  type PyrraAlerting,
  type PyrraIndicator,
  type PyrraMetric,
  type PyrraObjective,
} from './spec.ts';

/** One document, or every problem of it. */
export function readPyrra(source: YamlSource): ReadResult<PyrraObjective> {
  try {
    const written = checkShape(SERVICE_LEVEL_OBJECTIVE, { ...source, value: source.goValue() });
    const reader = createReader(source);
    const objective = objectiveOf(written, reader, source);
    return { documents: reader.problems.length > 0 ? [] : [objective], problems: reader.problems };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { documents: [], problems: error.problems };
  }
}

type Reader = ReturnType<typeof createReader>;

/** Reads values, and collects what is wrong with them. */
function createReader(source: YamlSource) {
  const problems: Problem[] = [];
  const warnings: Warning[] = [];
  const report = (path: Path, problem: Omit<Problem, 'position' | 'excerpt'>) =>
    problems.push(source.problemAt(path, problem));
  return {
    problems,
    warnings,
    report,
    metric(text: string, path: Path): PyrraMetric {
      const read = readMetric(text);
      if ('fault' in read) {
        report(path, { code: 'bad-selector', message: read.fault, remedy: read.remedy });
        return { name: '', matchers: [], text };
      }
      if (read.dropped.length > 0) {
        const message = `Pyrra drops ${read.dropped.join(' and ')}, and so do these rules`;
        warnings.push(source.problemAt(path, { code: 'not-carried-over', message }) as Warning);
      }
      return read.metric;
    },
    duration(text: string, path: Path) {
      const duration = parseDuration(text);
      if (duration === undefined || duration === 0)
        report(path, {
          code: 'bad-duration',
          message: `${JSON.stringify(text)} is no duration such as 4w or 200ms`,
        });
      return duration ?? 0;
    },
    target(text: string, path: Path): number {
      const target = parseFloatText(text) ?? Number.NaN;
      if (!(target >= 0 && target <= 100))
        report(path, {
          code: 'bad-objective',
          message: 'a target is a percentage from 0 to 100, such as "99.9"',
        });
      return target;
    },
  };
}

function objectiveOf({ metadata, spec }: Written, reader: Reader, source: YamlSource): PyrraObjective {
  if (metadata.name === '')
    reader.report(['metadata', 'name'], { code: 'missing-field', message: 'an objective needs a name' });
  return {
    name: metadata.name,
    namespace: metadata.namespace || undefined,
    labels: metadata.labels ?? {},
    annotations: metadata.annotations ?? {},
    description: spec.description ?? '',
    target: reader.target(spec.target, ['spec', 'target']),
    window: reader.duration(spec.window, ['spec', 'window']),
    performanceOverAccuracy: spec.performanceOverAccuracy ?? false,
    descriptionAsLabel: spec.ruleOutput?.enableDescriptionAsLabel ?? false,
    indicator: indicatorOf(spec.indicator, reader),
    alerting: alertingOf(spec.alerting ?? {}),
    source,
    warnings: reader.warnings,
  };
}

/** Exactly one is given. */
function indicatorOf(
  { ratio, latency, latencyNative, bool_gauge: gauge }: Written['spec']['indicator'],
  reader: Reader,
): PyrraIndicator {
  const metric = (query: { readonly metric: string }, ...path: string[]) =>
    reader.metric(query.metric, ['spec', 'indicator', ...path, 'metric']);
  if (ratio) {
    const grouping = ratio.grouping ?? [];
    const errors = metric(ratio.errors, 'ratio', 'errors');
    return { kind: 'ratio', errors, total: metric(ratio.total, 'ratio', 'total'), grouping };
  }
  if (latency) {
    const success = metric(latency.success, 'latency', 'success');
    checkBucket(success, reader);
    return {
      kind: 'latency',
      success,
      total: metric(latency.total, 'latency', 'total'),
      grouping: latency.grouping ?? [],
    };
  }
  if (latencyNative) {
    return {
      kind: 'latencyNative',
      total: metric(latencyNative.total, 'latencyNative', 'total'),
      latency: reader.duration(latencyNative.latency, ['spec', 'indicator', 'latencyNative', 'latency']),
      grouping: latencyNative.grouping ?? [],
    };
  }
  return { kind: 'bool_gauge', metric: metric(gauge!, 'bool_gauge'), grouping: gauge!.grouping ?? [] };
}

function checkBucket({ name, matchers }: PyrraMetric, { report }: Reader): void {
  const le = matchers.find(matcher => matcher.name === 'le');
  if (name === '' || (le && parseFloatText(le.value) !== undefined)) return;
  report(['spec', 'indicator', 'latency', 'success', 'metric'], {
    code: 'bad-selector',
    message: 'must select one bucket by a label le that is a number',
    remedy: 'write it as name_bucket{le="0.25"}',
  });
}

const alertingOf = ({
  disabled = false,
  burnrates = true,
  absent = true,
  name,
  absentName,
  severities = {},
}: NonNullable<Written['spec']['alerting']>): PyrraAlerting => ({
  burnRates: burnrates && !disabled,
  // Disabling the alerts leaves this one, as in Pyrra.
  absent,
  name: name || 'ErrorBudgetBurn',
  absentName: absentName || DEFAULT_ABSENT_NAME,
  severities: {
    absent: severities.absent || undefined,
    fastBurn: severities.fastBurn || undefined,
    mediumBurn: severities.mediumBurn || undefined,
    slowBurn: severities.slowBurn || undefined,
    longTermBurn: severities.longTermBurn || undefined,
  },
});
