import { UserError } from '../../core/index.ts';

/** Whole lines of an exposition. */
export interface LineBlock {
  readonly bytes: Uint8Array;
  /** The number of its first line in the file, from 1. */
  readonly firstLine: number;
  /** The line of each sample, in the file. */
  readonly sampleLines: readonly number[];
  readonly isLast: boolean;
}

/** Below this, blocks wait for more. */
const BLOCK_BYTES = 1 << 20;
const MAX_LINE_BYTES = 1 << 20;

const NEWLINE = 10;
const TAB = 9;
const SPACE = 32;
const QUOTE = 34;
const HASH = 35;
const BACKSLASH = 92;

/**
 * Cuts a text into blocks of whole lines, so that a long one is never held whole. A line's end within quotes, which
 * Prometheus's text format allows, is none.
 *
 * @throws UserError `line-too-long` beyond 1 MiB
 */
export async function* lineBlocks(
  file: string,
  chunks: AsyncIterable<Uint8Array>,
  blockBytes: number = BLOCK_BYTES,
): AsyncGenerator<LineBlock> {
  let parts: Uint8Array[] = [];
  let size = 0;
  let line = 1;
  for await (const chunk of chunks) {
    parts.push(chunk);
    size += chunk.length;
    if (size < blockBytes) continue;
    const held = Buffer.concat(parts);
    const { end, sampleLines, nextLine } = scanLines(held, line);
    if (held.length - end > MAX_LINE_BYTES) throw lineTooLong(file, nextLine);
    if (end > 0) yield { bytes: held.subarray(0, end), firstLine: line, sampleLines, isLast: false };
    parts = [held.subarray(end)];
    size = held.length - end;
    line = nextLine;
  }
  const rest = Buffer.concat(parts);
  const { end, sampleLines, nextLine } = scanLines(rest, line);
  // A last line without an end counts as well; what it lacks, the reader says.
  const lines = end < rest.length ? [...sampleLines, nextLine] : sampleLines;
  yield { bytes: rest, firstLine: line, sampleLines: lines, isLast: true };
}

/** Up to where lines are whole, where their samples stand, and the number of the line after them. */
function scanLines(
  bytes: Uint8Array,
  firstLine: number,
): { end: number; sampleLines: number[]; nextLine: number } {
  const sampleLines: number[] = [];
  let end = 0;
  let nextLine = firstLine;
  while (end < bytes.length) {
    let at = end;
    while (bytes[at] === SPACE || bytes[at] === TAB) at++;
    const isComment = bytes[at] === HASH;
    const isSample = !isComment && bytes[at] !== NEWLINE;
    const stop = isComment ? bytes.indexOf(NEWLINE, at) : endOfSample(bytes, at);
    if (stop === -1) break;
    if (isSample) sampleLines.push(nextLine);
    nextLine += isSample ? newlines(bytes, at, stop) : 1;
    end = stop + 1;
  }
  return { end, sampleLines, nextLine };
}

/** The newline that ends the sample beginning at `start`, or -1. */
function endOfSample(bytes: Uint8Array, start: number): number {
  let isQuoted = false;
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) isQuoted = !isQuoted;
    else if (isQuoted && byte === BACKSLASH) at++;
    else if (byte === NEWLINE && !isQuoted) return at;
  }
  return -1;
}

/** From `start` to `stop`, both included; one where no quoted text has any. */
function newlines(bytes: Uint8Array, start: number, stop: number): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE, start); at !== -1 && at <= stop; at = bytes.indexOf(NEWLINE, at + 1))
    count++;
  return count;
}

const lineTooLong = (file: string, line: number): UserError =>
  new UserError('line-too-long', `the line is longer than ${MAX_LINE_BYTES} bytes`, {
    position: { file, line, column: 1 },
    remedy: 'is the file an exposition? A quote that is not closed joins lines as well',
  });
