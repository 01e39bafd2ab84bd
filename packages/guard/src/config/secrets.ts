import type { Document } from 'yaml';
import { scalarsOf } from './scalars.ts';
import type { Path } from './yaml-source.ts';

/** A text of which some parts must not be shown. */
export interface SecretText {
  /** With `<secret>` in place of each. */
  readonly redacted: string;
  /** With asterisks in place of their characters: every other character stands where it stood. */
  readonly masked: string;
}

type Span = readonly [start: number, end: number];

/** Hides the scalars of which `isSecret` says so by their paths. */
export function hideSecrets(
  text: string,
  documents: readonly Document[],
  isSecret: ((path: Path) => boolean) | undefined,
): SecretText {
  if (!isSecret) return { redacted: text, masked: text };
  const spans = documents
    .flatMap(document => scalarsOf(document))
    .filter(({ path }) => isSecret(path))
    .map(({ range }): Span => [range[0], range[1]]);
  return {
    redacted: replaceSpans(text, spans, secret => `<secret>${secret.endsWith('\n') ? '\n' : ''}`),
    masked: replaceSpans(text, spans, secret => secret.replace(/[^\n]/g, '*')),
  };
}

/** @param spans in the order of the text */
function replaceSpans(text: string, spans: readonly Span[], replace: (part: string) => string): string {
  let shown = '';
  let done = 0;
  for (const [start, end] of spans) {
    // Documents that cannot be read may have nodes within each other.
    if (start < done) continue;
    shown += text.slice(done, start) + replace(text.slice(start, end));
    done = end;
  }
  return shown + text.slice(done);
}
