import { messageOf, UserError } from '../core/index.ts';
import { withhold } from '../http-client/index.ts';
import type { ScrapeResponse } from './scrape-client.ts';

/** Of a longer line, this is looked through. */
const MAX_LINE_BYTES = 65_536;
const NEWLINE = 10;

/**
 * What an error says of a target's answer. Errors quote pieces of lines: of a line with what was sent in secret they tell
 * the number alone.
 */
export function shownError(error: unknown, { body, redact }: ScrapeResponse): string {
  const line = error instanceof UserError ? error.problems[0]!.position?.line : undefined;
  if (line === undefined) return redact(messageOf(error));
  const text = lineOf(Buffer.from(body.buffer, body.byteOffset, body.byteLength), line).toString(
    'utf8',
    0,
    MAX_LINE_BYTES,
  );
  return redact(messageOf(withhold(error, { what: `line ${line} of the answer`, text, redact })));
}

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
