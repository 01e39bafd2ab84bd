import { type Milliseconds, UserError } from '../core/index.ts';
import type { ExpositionVisitor, MetricType } from './entries.ts';
import type { LineReader } from './line-reader.ts';
import { createScanner, type Scanner } from './scanner.ts';
import { readSeriesParts, type SeriesParts, type SeriesRules } from './series-text.ts';

const CREATED_SUFFIX = '_created';
/** Types whose series have a beginning, and the label that tells the series of one metric apart. */
const PART_LABEL: Partial<Record<MetricType, string>> = { counter: '', histogram: 'le', summary: 'quantile' };

/** The reference holds timestamps in 64 bits, signed. */
const MAX_TIMESTAMP = 2 ** 63;

/** The family in which a series stands, as the lines before it say. */
export interface Family {
  /** From the last HELP, TYPE or UNIT line. */
  readonly name: string;
  readonly type: MetricType | undefined;
}

/** Finds the `_created` line that belongs to a series. */
export interface StartTimestamps {
  /** @param start where the series begins; the scanner stands behind its line */
  of(text: string, start: number, family: Family): Milliseconds | undefined;
  /** Whether the series is such a line itself. */
  isCreated(text: string, type: MetricType | undefined): boolean;
}

/** What lies ahead of any position from `from` to `until`. */
interface Ahead {
  readonly from: number;
  readonly until: number;
  readonly created?: { readonly key: string; readonly seconds: number };
}

export interface StartTimestampOptions {
  readonly scanner: Scanner;
  readonly rules: SeriesRules;
  /** A reader of the same format on another scanner. */
  readonly readAhead: (scanner: Scanner, visitor: ExpositionVisitor) => LineReader;
}

/**
 * Start timestamps as Prometheus's OpenMetrics 1.0 parser finds them (model/textparse/openmetricsparse.go
 * StartTimestamp): the next `_created` line behind a series counts, when it is of the same metric and no line of
 * metadata stands between. What was found holds for the rest of the metric's series.
 */
export function createStartTimestamps(options: StartTimestampOptions): StartTimestamps {
  const { scanner: s, rules } = options;
  let ahead: Ahead = { from: 0, until: -1 };
  let known: { readonly key: string; readonly start: Milliseconds } | undefined;

  const partsOf = (text: string) => readSeriesParts(createScanner(text, true), rules);

  function lookAhead(from: number, type: MetricType): Ahead {
    if (from >= ahead.from && from <= ahead.until) return ahead;
    const scanner = createScanner(s.text, s.isValidUtf8, from);
    let until = from;
    let created: Ahead['created'];
    let isOver = false;
    const reader = options.readAhead(scanner, {
      sample({ text, value }) {
        const parts = text.includes(CREATED_SUFFIX) ? partsOf(text) : undefined;
        if (!parts?.name.endsWith(CREATED_SUFFIX)) return;
        created = { key: keyOf(parts, parts.name.slice(0, -CREATED_SUFFIX.length), type), seconds: value };
        isOver = true;
      },
      metadata() {
        isOver = true;
      },
    });
    do until = scanner.at;
    while (readQuietly(reader) && !isOver);
    return { from, until, ...(created && { created }) };
  }

  return {
    isCreated: (text, type) =>
      type !== undefined &&
      PART_LABEL[type] !== undefined &&
      text.includes(CREATED_SUFFIX) &&
      partsOf(text).name.endsWith(CREATED_SUFFIX),
    of(text, start, { name, type }) {
      const before = known;
      known = undefined;
      if (type === undefined || PART_LABEL[type] === undefined) return undefined;
      const metric = metricOf(text, s.text, start, name.length);
      if (metric === undefined) return undefined;
      const key = keyOf(partsOf(text), metric, type);
      if (before?.key === key && before.start > 0) {
        known = before;
        return before.start;
      }
      ahead = lookAhead(s.at, type);
      if (ahead.created?.key !== key) return undefined;
      const milliseconds = Math.trunc(ahead.created.seconds * 1000);
      if (!(Math.abs(milliseconds) < MAX_TIMESTAMP)) return undefined;
      known = { key, start: milliseconds };
      return milliseconds;
    },
  };
}

/** False at the end, and at a line that cannot be read: the reader itself will come to it and say so. */
function readQuietly(reader: LineReader): boolean {
  try {
    return reader.readLine();
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

/** What the series' metric is called: as much of its text as the family's name is long. */
function metricOf(text: string, body: string, start: number, length: number): string | undefined {
  if (!text.startsWith('{')) return body.slice(start, start + length);
  return text.startsWith('{"') ? text.slice(2, 2 + length) : undefined;
}

/** Equal for the series of one metric and its `_created` line. */
function keyOf({ flat }: SeriesParts, metric: string, type: MetricType): string {
  let key = '';
  for (let i = 0; i < flat.length; i += 2) {
    if (flat[i] !== PART_LABEL[type]) key += `${flat[i]}${flat[i + 1]}`;
  }
  return key + metric;
}
