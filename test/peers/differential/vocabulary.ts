import type { SentSeries } from '../support/write-request.ts';

/** The names that a query can ask for. */
export interface Vocabulary {
  readonly metrics: readonly MetricWords[];
  /** All labels but the name. */
  readonly labels: readonly string[];
}

export interface MetricWords {
  readonly name: string;
  readonly labels: ReadonlyMap<string, readonly string[]>;
}

export function vocabularyOf(series: readonly SentSeries[]): Vocabulary {
  const metrics = new Map<string, Map<string, Set<string>>>();
  for (const { labels } of series) {
    const name = labels[labels.indexOf('__name__') + 1]!;
    const words = metrics.get(name) ?? new Map<string, Set<string>>();
    metrics.set(name, words);
    for (let i = 0; i < labels.length; i += 2) {
      if (labels[i] === '__name__') continue;
      words.set(labels[i]!, (words.get(labels[i]!) ?? new Set()).add(labels[i + 1]!));
    }
  }
  return {
    metrics: [...metrics].map(([name, words]) => ({
      name,
      labels: new Map([...words].map(([label, values]) => [label, [...values]])),
    })),
    labels: [...new Set([...metrics.values()].flatMap(words => [...words.keys()]))],
  };
}

export const isPlainName = (name: string): boolean => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
export const labelText = (name: string): string => (isPlainName(name) ? name : quoted(name));
/** JSON's escapes are Go's too, as far as they occur here. */
export const quoted = (text: string): string => JSON.stringify(text);
