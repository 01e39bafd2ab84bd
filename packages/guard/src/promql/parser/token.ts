import { goQuote } from '../../core/index.ts';

export type TokenKind =
  | 'identifier'
  /** An identifier with a colon in it. */
  | 'metric identifier'
  | 'string'
  | 'number'
  | 'duration'
  | 'operator'
  | 'aggregator'
  | 'keyword'
  /** Words that are keywords in durations and after `@`, and functions elsewhere. */
  | 'preprocessor'
  | 'punctuation'
  | 'end'
  /** What the scanner refused; `text` tells why. Nothing follows it. */
  | 'error';

/** One token; offsets in UTF-16 units, line and column from 1, columns and `byte`, its offset, in UTF-8 bytes. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** What the parser asks for: keywords and operators in lower case, punctuation as it is, '' for the rest. */
  readonly word: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
  readonly byte: number;
}

const words = (kind: TokenKind, list: string): [string, TokenKind][] =>
  list.split(' ').map(word => [word, kind]);

/** Words with a meaning of their own, in any case (promql/parser/lex.go). */
const KEYWORDS: ReadonlyMap<string, TokenKind> = new Map([
  ...words('operator', 'and or unless atan2'),
  ...words('aggregator', 'sum avg count min max group stddev stdvar topk bottomk count_values quantile'),
  ...words('aggregator', 'limitk limit_ratio'),
  ...words('keyword', 'offset smoothed anchored by without on ignoring group_left group_right'),
  ...words('keyword', 'fill fill_left fill_right bool'),
  ...words('preprocessor', 'start end step range max_of min_of'),
  ...words('number', 'inf nan'),
]);

/** The kind of a word outside braces. */
export function kindOfWord(word: string): TokenKind {
  return KEYWORDS.get(word.toLowerCase()) ?? (word.includes(':') ? 'metric identifier' : 'identifier');
}

const LONGEST_SHOWN = 10;

/** A token in the words of Prometheus's errors. */
export function describeToken({ kind, text }: Token): string {
  switch (kind) {
    case 'end':
      return 'end of input';
    case 'identifier':
    case 'metric identifier':
      return `${kind} ${goQuote(text)}`;
    case 'string':
    case 'number':
    case 'duration':
      return `${kind} ${shortened(text)}`;
    case 'operator':
      return `<op:${text}>`;
    case 'aggregator':
      return `<aggr:${text}>`;
    case 'keyword':
      return `<${text}>`;
    case 'preprocessor':
    case 'punctuation':
    case 'error':
      return shortened(text);
  }
}

/** Cut by characters, while what counts as long is told by bytes: so does the original. */
function shortened(text: string): string {
  if (Buffer.byteLength(text) <= LONGEST_SHOWN) return goQuote(text);
  return `${goQuote([...text].slice(0, LONGEST_SHOWN).join(''))}...`;
}
