import type { MetricObjectWithValues, MetricValue, MetricValueWithName, Registry } from 'prom-client';
import { compileRegexp, UserError } from '../core/index.ts';
import { BadParameter } from './api-error.ts';
import type { RequestParams } from './request-params.ts';

type Metric = MetricObjectWithValues<MetricValue<string>>;
type Value = MetricValue<string> & Partial<MetricValueWithName<string>>;

/** The `data` of `/api/v1/status/self_metrics`: the server's own metrics as JSON of `io.prometheus.client.MetricFamily`. @throws BadParameter */
export async function selfMetricsData(registry: Registry, params: RequestParams) {
  const isWanted = nameFilter(params.value('metric_name_pattern'));
  const metrics = (await registry.getMetricsAsJSON()) as Metric[];
  return metrics
    .filter(({ name }) => isWanted(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(familyView);
}

/** As long a pattern as any name needs; it is compiled beside the rules. */
const MAX_PATTERN_LENGTH = 1_000;

function nameFilter(pattern: string): (name: string) => boolean {
  if (pattern === '') return () => true;
  if (pattern.length > MAX_PATTERN_LENGTH)
    throw new BadParameter(
      `invalid metric_name_pattern: it has ${pattern.length} characters; the limit is ${MAX_PATTERN_LENGTH}`,
    );
  try {
    const compiled = compileRegexp(`^(?:${pattern})$`);
    return name => compiled.matcher(name).find();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new BadParameter(`invalid metric_name_pattern: ${(error.cause as Error).message}`);
  }
}

const familyView = ({ name, help, type, values }: Metric) => ({
  name,
  help,
  type: String(type).toUpperCase(),
  metric: [...bySeries(values)].map(([, parts]) => metricView(String(type), parts)),
});

/** A histogram and a summary come as several values: those of one series together. */
function bySeries(values: readonly Value[]): Map<string, Value[]> {
  const series = new Map<string, Value[]>();
  for (const value of values) {
    const { le: _le, quantile: _quantile, ...labels } = value.labels as Record<string, unknown>;
    const key = JSON.stringify(labels);
    series.set(key, [...(series.get(key) ?? []), value]);
  }
  return series;
}

function metricView(type: string, parts: readonly Value[]) {
  const { le: _le, quantile: _quantile, ...labels } = parts[0]!.labels as Record<string, unknown>;
  const pairs = Object.entries(labels).map(([name, value]) => ({ name, value: String(value) }));
  return { ...(pairs.length > 0 && { label: pairs }), ...valueView(type, parts) };
}

function valueView(type: string, parts: readonly Value[]) {
  if (type !== 'histogram' && type !== 'summary') return { [type]: { value: parts[0]!.value } };
  const ending = (suffix: string) => parts.find(({ metricName }) => metricName?.endsWith(suffix))?.value ?? 0;
  const inner = parts.filter(({ labels }) => 'le' in labels || 'quantile' in labels);
  const sums = { sampleCount: String(ending('_count')), sampleSum: ending('_sum') };
  if (type === 'summary')
    return {
      summary: {
        ...sums,
        quantile: inner.map(({ labels, value }) => ({
          quantile: Number((labels as Record<string, unknown>).quantile),
          value: Number.isNaN(value) ? 'NaN' : value,
        })),
      },
    };
  return { histogram: { ...sums, bucket: inner.flatMap(bucketView) } };
}

/** The last bucket is left out: it holds what the count says. */
function bucketView({ labels, value }: Value) {
  const bound = (labels as Record<string, unknown>).le;
  return bound === '+Inf' ? [] : [{ cumulativeCount: String(value), upperBound: Number(bound) }];
}
