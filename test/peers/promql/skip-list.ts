/** An eval that did not pass: its expression, and what was refused or differed. */
export interface Failure {
  readonly expr: string;
  readonly why: string;
}

/** Why Prometheus's own scripts may hold what does not pass here, and what shows that it is so. */
export const REASONS: Readonly<Record<string, (failure: Failure) => boolean>> = {
  'native histograms': ({ why }) => why.includes('native histograms'),
  'start timestamps, behind a flag': ({ why }) => why.includes('start timestamps'),
  'fill modifiers, behind a flag': ({ why }) => why.includes('fill modifiers are experimental'),
  'an experimental function': ({ why }) =>
    /function "\w+" is not enabled|\(\) is experimental and must be enabled/.test(why),
  'names without quotes, behind a flag': ({ expr }) => /[\p{L}\w]\.[\p{L}_.]|[^\p{ASCII}]/u.test(expr),
};

/** The reason of each eval that may fail, by `file:line`. */
export function parseSkipList(text: string): Map<string, string> {
  const skips = new Map<string, string>();
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const [, place, reason] = /^(\S+\.test:\d+) (.+)$/.exec(line) ?? [];
    if (!place || !reason) throw new Error(`malformed line in the skip list: ${line}`);
    if (skips.has(place)) throw new Error(`${place} is skipped twice`);
    skips.set(place, reason);
  }
  return skips;
}
