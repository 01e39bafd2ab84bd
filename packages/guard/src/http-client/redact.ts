import { UserError } from '../core/index.ts';
import { viewsOf } from './text-views.ts';

const HIDDEN = '<secret>';
/** Shorter texts than this, in bytes, are no secrets: replacing them would garble messages and tell more than it hides. */
const MIN_SECRET = 4;

/** Takes secrets out of a text that people will read. */
export type Redact = (text: string) => string;

/**
 * Hides every occurrence of the secrets, also where a text holds them percent-encoded, escaped as in JSON or HTML, one
 * of these within another, or in base64. They are asked for when the first text is to be shown.
 */
export function createRedact(secrets: () => readonly string[]): Redact {
  // Most receivers take what they are sent, and then there is no text to show.
  let known: ReadonlySet<string> | undefined;
  return text => {
    known ??= new Set(secrets().flatMap(formsOf));
    const wanted = known;
    if (wanted.size === 0) return text;
    const hidden: Span[] = [];
    const views = viewsOf(text);
    for (const { bytes, places } of views) {
      for (const form of wanted) {
        for (let i = bytes.indexOf(form); i >= 0; i = bytes.indexOf(form, i + 1))
          hidden.push([places[i]!, places[i + form.length]!]);
      }
    }
    return hidden.length === 0 ? text : replaceSpans(views[0].bytes, hidden);
  };
}

/** Of a text that is shown in part, or cannot be read, at most this is looked through for secrets, characters. */
const LOOKED_THROUGH = 65_536;

/** The beginning of an answer for people, without secrets: they are looked for before it is cut. */
export const shownBeginning = (text: string, length: number, redact: Redact): string =>
  redact(text.slice(0, LOOKED_THROUGH)).slice(0, length);

/**
 * An error that quotes pieces of a text. Where the text holds secrets it becomes one that quotes nothing: a piece of a
 * secret would not be found.
 *
 * @param what names the text in a sentence: `the list`
 */
export function withhold(error: unknown, { what, text, redact }: Withholding): unknown {
  const beginning = text.slice(0, LOOKED_THROUGH);
  if (!(error instanceof UserError) || redact(beginning) === beginning) return error;
  return new UserError(
    error.code,
    `${what} cannot be read, and is not shown: it holds what was sent in secret`,
  );
}

interface Withholding {
  readonly what: string;
  readonly text: string;
  readonly redact: Redact;
}

/** The same error where there was nothing to hide. */
export function redactError(error: unknown, redact: Redact): unknown {
  if (!(error instanceof UserError)) return error;
  const { code, message, ...details } = error.problems[0]!;
  const shown = redact(message);
  return shown === message ? error : new UserError(code, shown, details);
}

/** Where something stands, in bytes. */
type Span = readonly [start: number, end: number];

/** What touches or overlaps is replaced as one. */
function replaceSpans(bytes: string, spans: Span[]): string {
  let shown = '';
  let done = 0;
  for (const [start, end] of spans.sort(([a], [b]) => a - b)) {
    if (start > done || done === 0) shown += bytes.slice(done, start) + HIDDEN;
    done = Math.max(done, end);
  }
  return Buffer.from(shown + bytes.slice(done), 'latin1').toString();
}

/** A secret's bytes as they are and in base64, one character a byte. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  if (bytes.length < MIN_SECRET) return [];
  return [bytes.toString('latin1'), ...[0, 1, 2].flatMap(before => base64Of(bytes, before))];
}

/**
 * Base64 of the bytes as it stands in that of a longer text, by how many bytes precede them in their group of three:
 * the characters that hold nothing else. Too few of them could be anything.
 */
function base64Of(bytes: Buffer, before: number): string[] {
  const padded = Buffer.concat([Buffer.alloc(before), bytes]);
  const skipped = before === 0 ? 0 : before + 1;
  return (['base64', 'base64url'] as const)
    .map(alphabet => padded.toString(alphabet).replace(/=+$/, ''))
    .flatMap(text => {
      const own = text.slice(skipped, padded.length % 3 === 0 ? undefined : -1);
      return before === 0 ? [text, own] : [own];
    })
    .filter(text => text.length >= MIN_SECRET);
}
