import { formatDuration, type Milliseconds } from '../../core/index.ts';

/** `_total`, then `_count`, then `_bucket`, each where it ends the name. */
const trim = (metric: string, ...suffixes: readonly string[]): string =>
  suffixes.reduce((name, suffix) => (name.endsWith(suffix) ? name.slice(0, -suffix.length) : name), metric);

/** Pyrra's recorded series (slo/rules.go), which its UI and dashboards ask for. */
export const burnRateName = (metric: string, window: Milliseconds): string =>
  `${trim(metric, '_total', '_count')}:burnrate${formatDuration(window)}`;

export const increaseName = (metric: string, window: Milliseconds): string =>
  `${trim(metric, '_total', '_count', '_bucket')}:increase${formatDuration(window)}`;

export const countName = (metric: string, window: Milliseconds): string =>
  `${metric}:count${formatDuration(window)}`;

export const sumName = (metric: string, window: Milliseconds): string =>
  `${metric}:sum${formatDuration(window)}`;
