import { type Labels, METRIC_NAME } from '../../core/index.ts';

/** Every label's name that occurs: the metric's first, the others in order. */
export function labelNames(sets: readonly Labels[]): string[] {
  const names = new Set(sets.flatMap(labels => [...labels].map(([name]) => name)));
  const others = [...names].filter(name => name !== METRIC_NAME).sort();
  return names.has(METRIC_NAME) ? [METRIC_NAME, ...others] : others;
}

/** What several sets share, and of each what tells it apart from the others. One set alone stays whole. */
export function factoredLabels(sets: readonly Labels[]): {
  common: Labels | undefined;
  own: readonly Labels[];
} {
  const [first, ...rest] = sets;
  if (first === undefined || rest.length === 0) return { common: undefined, own: sets };
  const shared = labelNames(sets).filter(name => rest.every(labels => labels.get(name) === first.get(name)));
  if (shared.length === 0) return { common: undefined, own: sets };
  return { common: first.keep(shared), own: sets.map(labels => labels.without(shared)) };
}
