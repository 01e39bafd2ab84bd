import type { Document } from 'yaml';
import { userinfoSpans } from '../core/index.ts';
import { type Span, secretSpans, wideSecretSpans } from './secret-spans.ts';
import type { Path } from './yaml-source.ts';

/** A text of which some parts must not be shown: secrets, and the credentials in addresses. */
export interface SecretText {
  /** With `<secret>` in place of each. */
  readonly redacted: string;
  /** With asterisks in place of their characters: every other character stands where it stood. */
  readonly masked: string;
}

/** Hides the scalars of which `isSecret` says so by their paths. */
export function hideSecrets(
  text: string,
  documents: readonly Document[],
  isSecret: ((path: Path) => boolean) | undefined,
): SecretText {
  if (!isSecret) return { redacted: text, masked: text };
  const spans = [...documents.flatMap(document => secretSpans(document, isSecret)), ...userinfoSpans(text)];
  const wide = documents.flatMap(document => wideSecretSpans(text, document, isSecret));
  return {
    redacted: replaceSpans(text, spans, secret => `<secret>${secret.endsWith('\n') ? '\n' : ''}`),
    masked: replaceSpans(text, [...spans, ...wide], secret => secret.replace(/[^\s]/g, '*')),
  };
}

function replaceSpans(text: string, spans: readonly Span[], replace: (part: string) => string): string {
  let shown = '';
  let done = 0;
  for (const [start, end] of spans.toSorted((a, b) => a[0] - b[0])) {
    // Spans overlap where documents cannot be read.
    if (end <= done) continue;
    const from = Math.max(start, done);
    shown += text.slice(done, from) + replace(text.slice(from, end));
    done = end;
  }
  return shown + text.slice(done);
}
