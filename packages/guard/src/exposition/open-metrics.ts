import { Labels, ownCopy, parseFloatText } from '../core/index.ts';
import type { ExposedExemplar, ExpositionVisitor, MetricType } from './entries.ts';
import { readLabelBlock } from './label-block.ts';
import type { LineReader } from './line-reader.ts';
import { createSampleCursor } from './sample-cursor.ts';
import { type Scanner, unescapeLabel } from './scanner.ts';
import type { SeriesRules } from './series-text.ts';
import { createStartTimestamps } from './start-timestamps.ts';

const NEWLINE = 10;
const SPACE = 32;
const QUOTE = 34;
const EXEMPLAR = ' # {';

const TYPES: ReadonlySet<string> = new Set<MetricType>([
  'counter',
  'gauge',
  'histogram',
  'gaugehistogram',
  'summary',
  'info',
  'stateset',
  'unknown',
]);
const isType = (text: string): text is MetricType => TYPES.has(text);

const AFTER_VALUE = 'a timestamp in seconds, an exemplar or the end of the line';
/** A space with neither a timestamp nor an exemplar behind it. */
const BROKEN_END = /^ (?:[ \n]|# )/;

const KEYWORDS = ['HELP', 'TYPE', 'UNIT'] as const;

const SERIES: SeriesRules = {
  skipBlanks: () => {},
  lenient: false,
  nameInside: true,
  expected: 'a metric name or #',
};
const EXEMPLAR_LABELS = { ...SERIES, nameInside: false };

export interface OpenMetricsOptions {
  /** Take `_created` lines for start timestamps instead of for series. */
  readonly startTimestamps: boolean;
  /** The type that holds before the first TYPE line. */
  readonly type?: MetricType | undefined;
}

/** Reads OpenMetrics 1.0 as Prometheus 3 does (model/textparse/openmetricslex.l). */
export function createOpenMetricsReader(
  s: Scanner,
  visitor: ExpositionVisitor,
  options: OpenMetricsOptions,
): LineReader {
  // Hold until the next such line, also for other families: so it is in Prometheus.
  let { type } = options;
  let family = '';
  let start = 0;
  const starts = options.startTimestamps
    ? createStartTimestamps({
        scanner: s,
        rules: SERIES,
        readAhead: (scanner, peeking) =>
          createOpenMetricsReader(scanner, peeking, { startTimestamps: false, type }),
      })
    : undefined;
  const sample = createSampleCursor(s, SERIES, visitor, () =>
    starts?.of(sample.text, start, { name: family, type }),
  );

  function readMeta(): void {
    const keyword = KEYWORDS.find(word => s.takeText(`${word} `));
    if (!keyword) s.fail('expected HELP, TYPE, UNIT or EOF after #');
    const nameStart = s.at;
    const name = s.peek() === QUOTE ? s.quoted(true) : s.name(true);
    if (!name) s.fail(`expected a metric name after ${keyword}`, nameStart);
    family = name;
    if (!s.take(SPACE)) s.fail(`expected a space and a text in ${keyword}`);
    const textStart = s.at;
    const text = s.until('\n');
    if (!s.take(NEWLINE)) s.fail(`expected the end of the line in ${keyword}`);
    switch (keyword) {
      case 'HELP':
        s.checkUtf8(text, 'the help text', textStart);
        visitor.metadata?.({ name, help: unescapeLabel(text) });
        break;
      case 'TYPE':
        if (!isType(text)) s.fail(`invalid metric type ${JSON.stringify(text)}`, textStart);
        type = text;
        visitor.metadata?.({ name, type });
        break;
      case 'UNIT':
        if (text !== '' && !name.endsWith(`_${text}`)) {
          s.fail(`the unit ${JSON.stringify(text)} is not a suffix of the metric name ${name}`, textStart);
        }
        visitor.metadata?.({ name, unit: text });
        break;
    }
  }

  function readSample(): void {
    start = s.at;
    sample.begin(type);
    sample.value = readNumber('a value');
    const hasExemplar = s.text.startsWith(EXEMPLAR, s.at);
    sample.timestamp = undefined;
    if (!hasExemplar && BROKEN_END.test(s.text.slice(s.at, s.at + 3))) {
      // The reference hands the sample on before it stumbles, so it is among those that were scraped.
      visitor.sample(sample);
      s.fail(`expected ${AFTER_VALUE}`);
    }
    if (!hasExemplar && s.peek() !== NEWLINE) sample.timestamp = readTimestamp();
    if (s.takeText(EXEMPLAR)) sample.exemplar = readExemplar();
    if (!s.take(NEWLINE)) s.fail('expected the end of the line');
    if (!starts?.isCreated(sample.text, type)) visitor.sample(sample);
  }

  function readExemplar(): ExposedExemplar {
    const { flat } = readLabelBlock(s, EXEMPLAR_LABELS);
    const pairs: [string, string][] = [];
    // Escapes of exemplars stay unread in the reference as well.
    for (let i = 0; i < flat.length; i += 2) pairs.push([ownCopy(flat[i]!), ownCopy(flat[i + 1]!)]);
    const value = readNumber('a value of the exemplar');
    const exemplar = { labels: Labels.of(pairs), value };
    return s.peek() === NEWLINE ? exemplar : { ...exemplar, timestamp: readTimestamp() };
  }

  function readNumber(what: string): number {
    if (!s.take(SPACE)) s.fail(`expected a space and ${what}`);
    const plain = s.decimal();
    if (plain !== undefined) return plain;
    const numberStart = s.at;
    const text = s.until(' \n');
    if (text === '') s.fail(`expected ${what}`);
    return parseFloatText(text) ?? s.fail(`${JSON.stringify(text)} is not a number`, numberStart);
  }

  /** Seconds in the text. */
  function readTimestamp(): number {
    const at = s.at + 1;
    const time = readNumber(AFTER_VALUE);
    if (!Number.isFinite(time)) s.fail('the timestamp is not finite', at);
    return Math.trunc(time * 1000);
  }

  function endOfText(): false {
    s.take(NEWLINE);
    if (s.at < s.text.length) s.fail('there is data after # EOF');
    return false;
  }

  return {
    readLine() {
      if (s.at >= s.text.length) s.fail('the exposition does not end with # EOF');
      if (s.takeText('# EOF')) return endOfText();
      if (s.takeText('# ')) readMeta();
      else readSample();
      return true;
    },
  };
}
