import { parseDuration, type Seconds } from '../core/index.ts';

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

/** What is wrong with a string literal, and where in it. */
export interface LiteralProblem {
  readonly message: string;
  /** Offset within the literal. */
  readonly offset: number;
}

/** Reads a PromQL string literal (Go's rules; single quotes delimit strings too, back quotes raw ones). */
export function unquote(literal: string): { value: string } | LiteralProblem {
  const quote = literal[0]!;
  if (literal.length < 2 || !literal.endsWith(quote) || endsEscaped(literal))
    return { message: 'unterminated quoted string', offset: 0 };
  const body = literal.slice(1, -1);
  if (quote === '`') return { value: body.replaceAll('\r', '') };
  return readEscapes(body, quote);
}

function endsEscaped(literal: string): boolean {
  if (literal[0] === '`') return false;
  const backslashes = /\\*$/.exec(literal.slice(1, -1))![0].length;
  return backslashes % 2 === 1;
}

function readEscapes(body: string, quote: string): { value: string } | LiteralProblem {
  const bytes: number[] = [];
  let at = 0;
  while (at < body.length) {
    const next = body.indexOf('\\', at);
    pushText(bytes, body.slice(at, next === -1 ? undefined : next));
    if (next === -1) break;
    const length = readEscape(body, next, quote, bytes);
    if (length === 0)
      return {
        message: `unknown escape sequence ${JSON.stringify(body.slice(next, next + 2))}`,
        offset: next + 1,
      };
    at = next + length;
  }
  try {
    return {
      value: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes)),
    };
  } catch {
    return { message: 'the string is not valid UTF-8', offset: 0 };
  }
}

const encoder = new TextEncoder();

function pushText(bytes: number[], text: string): void {
  for (const byte of encoder.encode(text)) bytes.push(byte);
}

/** Appends the escape at `start`; answers its length, 0 when it is none. */
function readEscape(body: string, start: number, quote: string, bytes: number[]): number {
  const kind = body[start + 1] ?? '';
  const simple = kind === quote ? quote : SIMPLE_ESCAPES[kind];
  if (simple !== undefined) {
    pushText(bytes, simple);
    return 2;
  }
  const match = /^\\(?:x([0-9a-fA-F]{2})|([0-3][0-7]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/.exec(
    body.slice(start, start + 10),
  );
  if (!match) return 0;
  const [text, hex, octal, short, long] = match;
  if (hex !== undefined) bytes.push(Number.parseInt(hex, 16));
  else if (octal !== undefined) bytes.push(Number.parseInt(octal, 8));
  else {
    const point = Number.parseInt((short ?? long)!, 16);
    if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return 0;
    pushText(bytes, String.fromCodePoint(point));
  }
  return text.length;
}

/** Reads an unsigned number or duration as PromQL writes it; undefined when it is neither. */
export function parseNumber(text: string): { value: number | Seconds; asDuration: boolean } | undefined {
  if (/^\d/.test(text) && /[a-z]$/.test(text) && !/^0[xX]/.test(text)) {
    const duration = parseDuration(text);
    if (duration !== undefined) return { value: duration / 1000, asDuration: true };
  }
  const value = parsePlainNumber(text);
  return value === undefined ? undefined : { value, asDuration: false };
}

function parsePlainNumber(text: string): number | undefined {
  const lower = text.toLowerCase();
  if (lower === 'inf') return Number.POSITIVE_INFINITY;
  if (lower === 'nan') return Number.NaN;
  const digits = lower.replaceAll('_', '');
  if (/^0x[0-9a-f]+$/.test(digits)) return Number(digits);
  // Go reads integers with a leading zero as octal, and falls back to decimal where a digit does not fit.
  if (/^0[0-7]+$/.test(digits)) return Number.parseInt(digits, 8);
  return /^(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/.test(digits) ? Number(digits) : undefined;
}
