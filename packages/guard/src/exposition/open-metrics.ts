import { Labels, parseFloatText } from '../core/index.ts';
import type { ExposedExemplar, ExpositionVisitor, MetricType, SeriesEntry } from './entries.ts';
import { readLabelBlock } from './label-block.ts';
import { normalizeLabelValue } from './label-values.ts';
import { labelsOf, type Scanner, unescapeLabel } from './scanner.ts';

const NEWLINE = 10;
const SPACE = 32;
const QUOTE = 34;
const BRACE_OPEN = 123;
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
const WITH_CREATED: ReadonlySet<MetricType | undefined> = new Set(['counter', 'histogram', 'summary']);
const CREATED_SUFFIX = '_created';

const KEYWORDS = ['HELP', 'TYPE', 'UNIT'] as const;
const noBlanks = () => {};

/** Reads OpenMetrics 1.0 as Prometheus 3 does (model/textparse/openmetricslex.l). */
export function readOpenMetrics(s: Scanner, visitor: ExpositionVisitor): void {
  // Hold until the next TYPE line, also for other families: so it is in Prometheus.
  let type: MetricType | undefined;

  for (;;) {
    if (s.at >= s.text.length) s.fail('the exposition does not end with # EOF');
    if (s.takeText('# EOF')) break;
    if (s.takeText('# ')) readMeta();
    else readSample();
  }
  s.take(NEWLINE);
  if (s.at < s.text.length) s.fail('there is data after # EOF');

  function readMeta(): void {
    const keyword = KEYWORDS.find(word => s.takeText(`${word} `));
    if (!keyword) s.fail('expected HELP, TYPE, UNIT or EOF after #');
    const start = s.at;
    const name = s.peek() === QUOTE ? s.quoted(true) : s.name(true);
    if (!name) s.fail(`expected a metric name after ${keyword}`, start);
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
    const start = s.at;
    let name: string | undefined = s.name(true) || undefined;
    let flat: string[] = [];
    if (name === undefined && s.peek() !== BRACE_OPEN) s.fail('expected a metric name or #');
    if (s.take(BRACE_OPEN)) {
      const block = readLabelBlock(s, { skipBlanks: noBlanks, lenient: false, nameInside: true });
      if (name !== undefined && block.name !== undefined) s.fail('the metric name is given twice', start);
      name ??= block.name;
      flat = readLabels(block.flat);
    }
    if (name === undefined) s.fail('the sample has no metric name', start);
    const value = readNumber('a value');
    const atEnd = s.peek() === NEWLINE || s.text.startsWith(EXEMPLAR, s.at);
    const timestamp = atEnd ? undefined : readTimestamp();
    const exemplar = s.takeText(EXEMPLAR) ? readExemplar() : undefined;
    if (!s.take(NEWLINE)) s.fail('expected the end of the line');
    const metric = unescapeLabel(name);
    const entry: SeriesEntry = {
      labels: labelsOf(metric, flat) ?? s.fail('a label is given twice', start),
      value,
      ...(timestamp !== undefined && { timestamp }),
      ...(exemplar && { exemplar }),
      ...(WITH_CREATED.has(type) && metric.endsWith(CREATED_SUFFIX) && { created: true }),
    };
    visitor.series(entry);
  }

  function readLabels(raw: readonly string[]): string[] {
    const flat: string[] = [];
    for (let i = 0; i < raw.length; i += 2) {
      const label = unescapeLabel(raw[i]!);
      flat.push(label, normalizeLabelValue(type, label, unescapeLabel(raw[i + 1]!)));
    }
    return flat;
  }

  function readExemplar(): ExposedExemplar {
    const { flat } = readLabelBlock(s, { skipBlanks: noBlanks, lenient: false, nameInside: false });
    const pairs: [string, string][] = [];
    // Escapes of exemplars stay unread in the reference as well.
    for (let i = 0; i < flat.length; i += 2) pairs.push([flat[i]!, flat[i + 1]!]);
    const value = readNumber('a value of the exemplar');
    const exemplar = { labels: Labels.of(pairs), value };
    return s.peek() === NEWLINE ? exemplar : { ...exemplar, timestamp: readTimestamp() };
  }

  function readNumber(what: string): number {
    if (!s.take(SPACE)) s.fail(`expected a space and ${what}`);
    const start = s.at;
    const text = s.until(' \n');
    if (text === '') s.fail(`expected ${what}`);
    return parseFloatText(text) ?? s.fail(`${JSON.stringify(text)} is not a number`, start);
  }

  /** Seconds in the text. */
  function readTimestamp(): number {
    const start = s.at + 1;
    const time = readNumber('a timestamp in seconds, an exemplar or the end of the line');
    if (!Number.isFinite(time)) s.fail('the timestamp is not finite', start);
    return Math.trunc(time * 1000);
  }
}
