import { parseFloatText } from '../core/index.ts';
import type { ExpositionVisitor, MetricType } from './entries.ts';
import type { LineReader } from './line-reader.ts';
import { createSampleCursor } from './sample-cursor.ts';
import { type Scanner, unescapeHelp } from './scanner.ts';
import type { SeriesRules } from './series-text.ts';

const NUL = 0;
const TAB = 9;
const NEWLINE = 10;
const SPACE = 32;
const QUOTE = 34;
const HASH = 35;
/** The largest timestamp that Prometheus's reader holds: 64 bits, signed. */
const MAX_TIMESTAMP = 2n ** 63n - 1n;

const TYPES: Readonly<Record<string, MetricType>> = {
  counter: 'counter',
  gauge: 'gauge',
  histogram: 'histogram',
  summary: 'summary',
  untyped: 'unknown',
};

function skipBlanks(s: Scanner): void {
  for (let unit = s.peek(); unit === SPACE || unit === TAB; unit = s.peek()) s.at++;
}

const SERIES: SeriesRules = {
  skipBlanks,
  lenient: true,
  nameInside: true,
  expected: 'a metric name, a comment or an end of line',
};

/** Reads Prometheus text 0.0.4 as Prometheus 3 does (model/textparse/promlex.l), its lenient corners included. */
export function createTextReader(s: Scanner, visitor: ExpositionVisitor): LineReader {
  const sample = createSampleCursor(s, SERIES, visitor);
  // Holds until the next TYPE line, also for other families: so it is in Prometheus.
  let type: MetricType | undefined;

  /** False when a NUL in the comment ends the exposition. */
  function readComment(): boolean {
    s.at++;
    const wasAt = s.at;
    skipBlanks(s);
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
    skipBlanks(s);
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
    sample.begin(type);
    skipBlanks(s);
    sample.value = s.decimal() ?? readValue();
    sample.timestamp = readTimestamp();
    visitor.sample(sample);
  }

  function readValue(): number {
    const start = s.at;
    const text = s.until('{ \t\n');
    if (text === '') s.fail('expected a value after the metric');
    return parseFloatText(text) ?? s.fail(`${JSON.stringify(text)} is not a number`, start);
  }

  function readTimestamp(): number | undefined {
    skipBlanks(s);
    if (s.take(NEWLINE)) return undefined;
    const start = s.at;
    while (s.peek() >= 48 && s.peek() <= 57) s.at++;
    if (s.at === start) s.fail('expected a timestamp in milliseconds or the end of the line');
    const digits = s.text.slice(start, s.at);
    if (BigInt(digits) > MAX_TIMESTAMP) s.fail(`the timestamp ${digits} is out of range`, start);
    skipBlanks(s);
    if (!s.take(NEWLINE)) s.fail('expected the end of the line after the timestamp');
    return Number(digits);
  }

  return {
    readLine() {
      skipBlanks(s);
      const unit = s.peek();
      // The reference's lexer takes a NUL at the start of a line for the end.
      if (Number.isNaN(unit) || unit === NUL) return false;
      if (unit === HASH) return readComment();
      if (unit === NEWLINE) s.at++;
      else readSample();
      return true;
    },
  };
}
