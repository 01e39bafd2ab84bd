import type { SloSummary } from '../../../../guard/src/server/console-types.ts';
import { type Look, lookOf } from '../../components/state-badge.tsx';

/** How many objectives are in a state, worst first. */
export interface SummaryPart {
  look: Look;
  text: string;
}

const ORDER: ReadonlyArray<readonly [look: Look, words: string]> = [
  ['page', 'firing page'],
  ['ticket', 'firing ticket'],
  ['pending', 'pending'],
  ['no-data', 'no data'],
  ['ok', 'ok'],
  ['stale', 'stale'],
];

/** Counts objectives by state; what is stale is counted as stale whatever it was. */
export function summarize(slos: readonly SloSummary[], stale: boolean): SummaryPart[] {
  const counts = new Map<Look, number>();
  for (const slo of slos) {
    const look = stale ? 'stale' : lookOf(slo.state, slo.severity);
    counts.set(look, (counts.get(look) ?? 0) + 1);
  }
  return ORDER.flatMap(([look, words]) => {
    const count = counts.get(look);
    return count === undefined ? [] : [{ look, text: `${count} ${words}` }];
  });
}
