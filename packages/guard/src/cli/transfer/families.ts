import { compareStrings } from '../../core/index.ts';
import type { FamilyMetadata, MetricType } from '../../exposition/index.ts';

/** Metrics that share one TYPE line, and what is known of them. */
export interface Family {
  readonly metadata: FamilyMetadata | undefined;
  /** Sorted. */
  readonly metrics: readonly string[];
}

/** What the names of a family's samples add to its own (OpenMetrics 1.0, "Suffixes"). */
const SUFFIXES: Readonly<Record<MetricType, readonly string[]>> = {
  counter: ['_total', '_created'],
  gauge: [''],
  histogram: ['_bucket', '_count', '_sum', '_created'],
  gaugehistogram: ['_bucket', '_gcount', '_gsum'],
  summary: ['', '_count', '_sum', '_created'],
  info: ['_info'],
  stateset: [''],
  unknown: [''],
};

const OWN_SUFFIX: Partial<Record<MetricType, string>> = { counter: '_total', info: '_info' };

/** Metrics in the order in which they are written: by name, and those of one family together. */
export function familiesOf(names: readonly string[], known: ReadonlyMap<string, FamilyMetadata>): Family[] {
  const families = [...known.values()].map(openMetricsFamily);
  const familyByMetric = new Map(
    families.flatMap(family =>
      SUFFIXES[family.type ?? 'unknown'].map(suffix => [family.name + suffix, family] as const),
    ),
  );
  const members = new Map<
    FamilyMetadata | string,
    { metadata: FamilyMetadata | undefined; metrics: string[] }
  >();
  for (const name of [...names].sort(compareStrings)) {
    const metadata = familyByMetric.get(name);
    const family = members.get(metadata ?? name) ?? { metadata, metrics: [] };
    family.metrics.push(name);
    members.set(metadata ?? name, family);
  }
  return [...members.values()];
}

/**
 * Metadata comes under the name that the target's text had: in text 0.0.4 a counter's with its suffix. A unit that the
 * name does not end with is none in OpenMetrics.
 */
function openMetricsFamily({ name: given, unit, ...rest }: FamilyMetadata): FamilyMetadata {
  const suffix = rest.type === undefined ? undefined : OWN_SUFFIX[rest.type];
  const name = suffix !== undefined && given.endsWith(suffix) ? given.slice(0, -suffix.length) : given;
  return { ...rest, name, ...(unit && name.endsWith(`_${unit}`) && { unit }) };
}
