import { parseFloatText } from '../core/index.ts';
import type { ExpositionVisitor, MetricType } from './entries.ts';
import { readLabelBlock } from './label-block.ts';
import { normalizeLabelValue } from './label-values.ts';
import { labelsOf, type Scanner, unescapeHelp, unescapeLabel } from './scanner.ts';

const NUL = 0;
const TAB = 9;
const NEWLINE = 10;
const SPACE = 32;
const QUOTE = 34;
const HASH = 35;
const BRACE_OPEN = 123;
/** The largest timestamp that Prometheus's reader holds: 64 bits, signed. */
const MAX_TIMESTAMP = 2n ** 63n - 1n;

const TYPES: Readonly<Record<string, MetricType>> = {
  counter: 'counter',
  gauge: 'gauge',
  histogram: 'histogram',
  summary: 'summary',
  untyped: 'unknown',
};

/** Reads Prometheus text 0.0.4 as Prometheus 3 does (model/textparse/promlex.l), its lenient corners included. */
export function readTextFormat(s: Scanner, visitor: ExpositionVisitor): void {
  const skipBlanks = () => {
    for (let unit = s.peek(); unit === SPACE || unit === TAB; unit = s.peek()) s.at++;
  };
  const labelRules = { skipBlanks, lenient: true, nameInside: true };
  // Holds until the next TYPE line, also for other families: so it is in Prometheus.
  let type: MetricType | undefined;

  for (;;) {
    skipBlanks();
    const unit = s.peek();
    // The reference's lexer takes a NUL at the start of a line for the end.
    if (Number.isNaN(unit) || unit === NUL) return;
    if (unit === NEWLINE) s.at++;
    else if (unit === HASH) {
      if (!readComment()) return;
    } else readSample();
  }

  /** False when a NUL in the comment ends the exposition. */
  function readComment(): boolean {
    s.at++;
    const wasAt = s.at;
    skipBlanks();
    if (s.at === wasAt) {
      s.until('\n\0');
      return s.take(NEWLINE);
    }
    if (s.peek() === NUL) return false;
    const keyword = s.takeText('HELP') ? 'HELP' : s.takeText('TYPE') ? 'TYPE' : undefined;
    const isMeta = keyword !== undefined && (s.peek() === SPACE || s.peek() === TAB);
    if (isMeta) readMeta(keyword);
    else s.until('\n');
    return true;
  }

  function readMeta(keyword: 'HELP' | 'TYPE'): void {
    skipBlanks();
    const start = s.at;
    const name = s.peek() === QUOTE ? s.quoted(true) : s.name(true);
    if (!name) s.fail(`expected a metric name after ${keyword}`, start);
    const textStart = s.at + 1;
    const rest = s.until('\n');
    const text = /^[ \t]*$/.test(rest) ? '' : rest.slice(1);
    if (keyword === 'HELP') {
      s.checkUtf8(text, 'the help text', textStart);
      visitor.metadata?.({ name, help: unescapeHelp(text) });
      return;
    }
    type = Object.hasOwn(TYPES, text) ? TYPES[text] : undefined;
    if (!type) s.fail(`invalid metric type ${JSON.stringify(text)}`, textStart);
    visitor.metadata?.({ name, type });
  }

  function readSample(): void {
    const start = s.at;
    let name: string | undefined = s.name(true) || undefined;
    let flat: string[] = [];
    if (name === undefined && s.peek() !== BRACE_OPEN)
      s.fail('expected a metric name, a comment or an end of line');
    skipBlanks();
    if (s.take(BRACE_OPEN)) {
      const block = readLabelBlock(s, labelRules);
      if (name !== undefined && block.name !== undefined) s.fail('the metric name is given twice', start);
      name ??= block.name;
      flat = readLabels(block.flat);
      skipBlanks();
    }
    if (name === undefined) s.fail('the sample has no metric name', start);
    const value = readValue();
    const timestamp = readTimestamp();
    const labels = labelsOf(unescapeLabel(name), flat) ?? s.fail('a label is given twice', start);
    visitor.series(timestamp === undefined ? { labels, value } : { labels, value, timestamp });
  }

  function readLabels(raw: readonly string[]): string[] {
    const flat: string[] = [];
    for (let i = 0; i < raw.length; i += 2) {
      const label = unescapeLabel(raw[i]!);
      flat.push(label, normalizeLabelValue(type, label, unescapeLabel(raw[i + 1]!)));
    }
    return flat;
  }

  function readValue(): number {
    const start = s.at;
    const text = s.until('{ \t\n');
    if (text === '') s.fail('expected a value after the metric');
    return parseFloatText(text) ?? s.fail(`${JSON.stringify(text)} is not a number`, start);
  }

  function readTimestamp(): number | undefined {
    skipBlanks();
    if (s.take(NEWLINE)) return undefined;
    const start = s.at;
    while (s.peek() >= 48 && s.peek() <= 57) s.at++;
    if (s.at === start) s.fail('expected a timestamp in milliseconds or the end of the line');
    const digits = s.text.slice(start, s.at);
    if (BigInt(digits) > MAX_TIMESTAMP) s.fail(`the timestamp ${digits} is out of range`, start);
    skipBlanks();
    if (!s.take(NEWLINE)) s.fail('expected the end of the line after the timestamp');
    return Number(digits);
  }
}
