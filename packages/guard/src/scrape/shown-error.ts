import { messageOf, UserError } from '../core/index.ts';
import type { ScrapeResponse } from './scrape-client.ts';

/** Longer lines are not looked through. */
const MAX_LINE_BYTES = 65_536;
const NEWLINE = 10;

/**
 * What an error says of a target's answer. Errors quote pieces of lines: of a line with what was sent in secret they tell
 * the number alone, since a piece of a secret would not be found.
 */
export function shownError(error: unknown, { body, redact }: ScrapeResponse): string {
  const line = error instanceof UserError ? error.problems[0]!.position?.line : undefined;
  if (
    line !== undefined &&
    holdsSecret(lineOf(Buffer.from(body.buffer, body.byteOffset, body.byteLength), line), redact)
  )
    return `line ${line} of the answer cannot be read, and is not shown: it holds what was sent in secret`;
  return redact(messageOf(error));
}

const holdsSecret = (line: Buffer, redact: ScrapeResponse['redact']): boolean => {
  const text = line.subarray(0, MAX_LINE_BYTES).toString();
  return redact(text) !== text;
};

/** Lines count from 1. */
function lineOf(body: Buffer, line: number): Buffer {
  let start = 0;
  for (let i = 1; i < line; i++) {
    const end = body.indexOf(NEWLINE, start);
    if (end < 0) return Buffer.alloc(0);
    start = end + 1;
  }
  const end = body.indexOf(NEWLINE, start);
  return body.subarray(start, end < 0 ? undefined : end);
}
