import { caretExcerpt, lineAndColumn, UserError } from '../core/index.ts';
import { readDecimal } from './decimal.ts';

const NEWLINE = 10;
const QUOTE = 34;
const BACKSLASH = 92;
/** What decoding puts in place of bytes that are not UTF-8. */
const REPLACEMENT = '\ufffd';

const isDigit = (unit: number) => unit >= 48 && unit <= 57;
const isLetter = (unit: number) => (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90) || unit === 95;
const COLON = 58;

/** A position in an exposition, and the tokens that both formats share. Characters are UTF-16 units. */
export interface Scanner {
  readonly text: string;
  /** Whether the bytes decoded without loss. */
  readonly isValidUtf8: boolean;
  at: number;
  /** The unit at the position; NaN at the end. */
  peek(): number;
  /** Moves past `unit` when it is next. */
  take(unit: number): boolean;
  takeText(text: string): boolean;
  /** A metric's name (with colons) or a label's; '' when none stands here. */
  name(withColons: boolean): string;
  /**
   * The raw inside of a double-quoted string, escapes unread. Undefined when none stands here or it does not end.
   * `newlines` tells whether it may hold raw ones.
   */
  quoted(newlines: boolean): string | undefined;
  /** Up to the first of the characters in `stops`, or the end. */
  until(stops: string): string;
  /** A plain decimal number that ends with a blank or a line; undefined, without moving, for anything else. */
  decimal(): number | undefined;
  fail(message: string, offset?: number): never;
  /** Fails when the text was not valid UTF-8 there. */
  checkUtf8(text: string, what: string, offset: number): void;
}

/** @param isValidUtf8 whether the bytes decoded without loss */
export function createScanner(text: string, isValidUtf8: boolean, start = 0): Scanner {
  function fail(message: string, offset = scanner.at): never {
    throw new UserError('bad-exposition', message, {
      position: lineAndColumn(text, offset),
      excerpt: caretExcerpt(text, offset),
    });
  }

  const scanner: Scanner = {
    text,
    isValidUtf8,
    at: start,
    peek: () => text.charCodeAt(scanner.at),
    take(unit) {
      if (text.charCodeAt(scanner.at) !== unit) return false;
      scanner.at++;
      return true;
    },
    takeText(expected) {
      if (!text.startsWith(expected, scanner.at)) return false;
      scanner.at += expected.length;
      return true;
    },
    name(withColons) {
      const start = scanner.at;
      let end = start;
      for (; ; end++) {
        const unit = text.charCodeAt(end);
        if (isLetter(unit) || (withColons && unit === COLON) || (end > start && isDigit(unit))) continue;
        break;
      }
      scanner.at = end;
      return text.slice(start, end);
    },
    quoted(newlines) {
      const start = scanner.at;
      if (text.charCodeAt(start) !== QUOTE) return undefined;
      for (let end = start + 1; end < text.length; end++) {
        const unit = text.charCodeAt(end);
        if (unit === QUOTE) {
          scanner.at = end + 1;
          return text.slice(start + 1, end);
        }
        if (unit === NEWLINE && !newlines) return undefined;
        if (unit !== BACKSLASH) continue;
        end++;
        // The lexer's `\\.` does not take a line's end.
        if (text.charCodeAt(end) === NEWLINE) return undefined;
      }
      return undefined;
    },
    until(stops) {
      const start = scanner.at;
      let end = start;
      while (end < text.length && !stops.includes(text[end]!)) end++;
      scanner.at = end;
      return text.slice(start, end);
    },
    decimal() {
      const value = readDecimal(text, scanner.at);
      if (value === undefined) return undefined;
      while (text.charCodeAt(scanner.at) > 32) scanner.at++;
      return value;
    },
    fail,
    checkUtf8(part, what, offset) {
      if (!isValidUtf8 && part.includes(REPLACEMENT)) fail(`${what} is not valid UTF-8`, offset);
    },
  };
  return scanner;
}

/** Reads `\"`, `\\` and `\n`; other escapes stay as they are written, as Prometheus leaves them. */
export function unescapeLabel(raw: string): string {
  if (!raw.includes('\\')) return raw;
  return raw.replace(/\\(["\\n])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}

/** Reads `\\` and `\n`, the escapes of HELP texts in text 0.0.4. */
export function unescapeHelp(raw: string): string {
  if (!raw.includes('\\')) return raw;
  return raw.replace(/\\([\\n])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}
