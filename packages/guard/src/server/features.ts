import { UserError } from '../core/index.ts';

/** What `--enable-feature` switches on here. */
export interface Features {
  /** `_created` lines of OpenMetrics give the zero that a counter began with. */
  readonly createdTimestampZeroIngestion: boolean;
  /** Jobs write the extra report series unless their file says otherwise. */
  readonly extraScrapeMetrics: boolean;
  /** Targets may compress their answers with zstd. */
  readonly zstdScrape: boolean;
  /** `stats=all` tells of each step of a query. */
  readonly perStepStats: boolean;
}

/** Nothing but what is always on. */
export const NO_FEATURES: Features = {
  createdTimestampZeroIngestion: false,
  extraScrapeMetrics: false,
  zstdScrape: false,
  perStepStats: false,
};

/**
 * What a feature of Prometheus is here: switched by its name, always on, without a meaning (it tunes what is built
 * otherwise here, or does nothing in Prometheus either), or absent.
 */
type FeatureKind = keyof Features | 'always' | 'meaningless' | 'absent';

/** Those of Prometheus 3.16 (cmd/prometheus/main.go setFeatureListOptions). */
const FEATURES: Readonly<Record<string, FeatureKind>> = {
  'auto-reload-config': 'absent',
  'concurrent-rule-eval': 'meaningless',
  'created-timestamp-zero-ingestion': 'createdTimestampZeroIngestion',
  'delayed-compaction': 'meaningless',
  'exemplar-storage': 'always',
  'extra-scrape-metrics': 'extraScrapeMetrics',
  'fast-startup': 'meaningless',
  'histograms-st-encoding': 'meaningless',
  'memory-snapshot-on-shutdown': 'meaningless',
  'metadata-wal-records': 'meaningless',
  'native-histograms': 'meaningless',
  'old-ui': 'absent',
  'ooo-native-histograms': 'meaningless',
  openmetrics2: 'absent',
  'otlp-deltatocumulative': 'absent',
  'otlp-native-delta-ingestion': 'absent',
  'promql-binop-fill-modifiers': 'absent',
  'promql-delayed-name-removal': 'absent',
  'promql-duration-expr': 'always',
  'promql-experimental-functions': 'absent',
  'promql-extended-range-selectors': 'always',
  'promql-per-step-stats': 'perStepStats',
  'promql-unquoted-utf8-names': 'absent',
  'query-cost': 'absent',
  'search-api': 'absent',
  'st-storage': 'absent',
  'st-synthesis': 'absent',
  'type-and-unit-labels': 'absent',
  'use-start-timestamps': 'absent',
  'use-uncached-io': 'meaningless',
  'xor2-encoding': 'meaningless',
  'zstd-scrape': 'zstdScrape',
};

/**
 * Reads the values of `--enable-feature`, each a list of names with commas between them.
 *
 * @param onMeaningless told of names that are accepted and change nothing
 * @throws UserError `unsupported-feature`, `unknown-feature`
 */
export function readFeatures(lists: readonly string[], onMeaningless: (name: string) => void): Features {
  const features = { ...NO_FEATURES } as Record<keyof Features, boolean>;
  for (const name of lists.flatMap(list => list.split(','))) {
    const kind = Object.hasOwn(FEATURES, name) ? FEATURES[name]! : refuse('unknown-feature', name);
    if (kind === 'absent') refuse('unsupported-feature', name);
    else if (kind === 'meaningless') onMeaningless(name);
    else if (kind !== 'always') features[kind] = true;
  }
  return features;
}

function refuse(code: 'unknown-feature' | 'unsupported-feature', name: string): never {
  const taken = Object.keys(FEATURES).filter(feature => FEATURES[feature] !== 'absent');
  const shown = JSON.stringify(name);
  throw new UserError(
    code,
    code === 'unknown-feature'
      ? `--enable-feature: Prometheus 3.16 has no feature ${shown}`
      : `--enable-feature: slo-guard does not carry out ${shown}`,
    { remedy: `leave it out; those that are taken: ${taken.join(', ')}` },
  );
}
