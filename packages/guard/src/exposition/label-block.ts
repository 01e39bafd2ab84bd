import type { Scanner } from './scanner.ts';

const COMMA = 44;
const EQUAL = 61;
const BRACE_CLOSE = 125;
const QUOTE = 34;

/** How the two formats differ inside braces. */
export interface LabelBlockRules {
  /** Moves past blanks where the format lets them stand. */
  readonly skipBlanks: (s: Scanner) => void;
  /** Whether values may hold raw newlines and commas may be missing: text 0.0.4 as Prometheus reads it. */
  readonly lenient: boolean;
  /** Whether a quoted string alone is the metric's name; not in exemplars. */
  readonly nameInside: boolean;
}

export interface LabelBlock {
  /** Metric name given inside the braces, escapes unread. */
  readonly name?: string;
  /** Names and values in turn, escapes unread, in the order of the text. */
  readonly flat: readonly string[];
}

/** Reads from behind the opening brace to behind the closing one. */
export function readLabelBlock(s: Scanner, rules: LabelBlockRules): LabelBlock {
  const flat: string[] = [];
  let name: string | undefined;
  for (;;) {
    rules.skipBlanks(s);
    if (s.take(BRACE_CLOSE)) break;
    const start = s.at;
    const isQuoted = s.peek() === QUOTE;
    const label = isQuoted ? s.quoted(true) : s.name(false);
    if (!label && !(isQuoted && label === '')) s.fail('expected a label name', start);
    rules.skipBlanks(s);
    const next = s.peek();
    if (isQuoted && (next === COMMA || next === BRACE_CLOSE)) {
      if (!rules.nameInside) s.fail('expected a label with its value', start);
      if (name !== undefined) s.fail('the metric name is given twice', start);
      name = label;
      s.take(COMMA);
      continue;
    }
    flat.push(label!, readValue(s, rules));
    rules.skipBlanks(s);
    if (s.take(COMMA) || rules.lenient || s.peek() === BRACE_CLOSE) continue;
    s.fail('expected a comma or a closing brace');
  }
  return name === undefined ? { flat } : { name, flat };
}

function readValue(s: Scanner, rules: LabelBlockRules): string {
  if (!s.take(EQUAL)) s.fail('expected = after the label name');
  rules.skipBlanks(s);
  const start = s.at;
  const value = s.quoted(rules.lenient);
  if (value === undefined) s.fail('expected a label value in double quotes', start);
  s.checkUtf8(value, 'the label value', start);
  return value;
}
