import type { QueryResult } from '../engine/result.ts';
import type { Expectation } from './parse-script.ts';

/** Whether an error or annotation is what is expected; annotations end with their position. */
export const meets = ({ text, pattern }: Expectation, actual: string): boolean =>
  (text === undefined || actual === text) && (pattern === undefined || pattern.test(actual));

/**
 * What is wrong with the annotations. Of a kind that is expected, each expectation must be met and each annotation
 * expected; of others nothing is said.
 */
export function whyNotesDiffer(
  expectations: readonly Expectation[],
  { warnings, infos }: QueryResult,
): string | undefined {
  return whyKindDiffers('warn', expectations, warnings) ?? whyKindDiffers('info', expectations, infos);
}

function whyKindDiffers(
  kind: 'warn' | 'info',
  expectations: readonly Expectation[],
  notes: readonly string[],
): string | undefined {
  if (expectations.some(each => each.kind === `no_${kind}`) && notes.length > 0)
    return `unexpected ${kind}: ${notes[0]}`;
  const wanted = expectations.filter(each => each.kind === kind);
  if (wanted.length === 0) return undefined;
  const missing = wanted.find(each => !notes.some(note => meets(each, note)));
  if (missing) return `missing ${kind} ${missing.text ?? ''}: got ${notes.join('; ')}`;
  const extra = notes.find(note => !wanted.some(each => meets(each, note)));
  return extra === undefined ? undefined : `unexpected ${kind}: ${extra}`;
}
