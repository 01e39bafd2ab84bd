import type { Labels, Milliseconds } from '../core/index.ts';
import type { Appendable, AppendOutcome } from '../promql/index.ts';
import type { RuleSample } from './query.ts';

export interface StoredSamples {
  /** Series that the store took, by key. */
  readonly series: ReadonlyMap<string, Labels>;
  /** Samples that it did not take, by reason. */
  readonly refused: ReadonlyMap<AppendOutcome, number>;
}

/**
 * Stores a rule's result in one commit, and staleness markers for the series that it had before and lacks now.
 * @throws UserError when the store refuses the commit; nothing is then stored
 */
export function storeSamples(
  appendable: Appendable,
  samples: readonly RuleSample[],
  at: Milliseconds,
  previous: ReadonlyMap<string, Labels>,
): StoredSamples {
  const series = new Map<string, Labels>();
  const refused = new Map<AppendOutcome, number>();
  if (samples.length === 0 && previous.size === 0) return { series, refused };
  const appender = appendable.appender();
  for (const { labels, value } of samples) {
    const outcome = appender.append(labels, at, value);
    if (outcome === 'appended' || outcome === 'duplicate') series.set(labels.key, labels);
    else refused.set(outcome, (refused.get(outcome) ?? 0) + 1);
  }
  // A marker may be refused: the series can come from another rule by now.
  for (const [key, labels] of previous) if (!series.has(key)) appender.appendStale(labels, at);
  appender.commit();
  return { series, refused };
}

/** Marks series stale of which no rule is left. */
export function markStale(appendable: Appendable, series: readonly Labels[], at: Milliseconds): void {
  const appender = appendable.appender();
  for (const labels of series) appender.appendStale(labels, at);
  appender.commit();
}
