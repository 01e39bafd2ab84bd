import type { Milliseconds } from '../core/index.ts';
import type { ExposedExemplar, ExpositionVisitor, MetricType, SampleEntry } from './entries.ts';
import type { Scanner } from './scanner.ts';
import { readSeries, readSeriesParts, type SeriesRules, takeSeries } from './series-text.ts';

/** The sample line that is being read. One object serves a whole exposition: there may be a million lines. */
export interface SampleCursor extends SampleEntry {
  text: string;
  value: number;
  timestamp: Milliseconds | undefined;
  exemplar: ExposedExemplar | undefined;
  /** Reads the series at the scanner's position, in a family of `type`. */
  begin(type: MetricType | undefined): void;
}

export function createSampleCursor(
  s: Scanner,
  rules: SeriesRules,
  visitor: ExpositionVisitor,
  startTimestamp: () => Milliseconds | undefined = () => undefined,
): SampleCursor {
  let start = 0;
  let type: MetricType | undefined;
  const cursor: SampleCursor = {
    text: '',
    value: 0,
    timestamp: undefined,
    exemplar: undefined,
    begin(familyType) {
      start = s.at;
      type = familyType;
      const expected = visitor.expected?.() ?? '';
      cursor.text = takeSeries(s, expected, rules) ? expected : readSeriesParts(s, rules).text;
      cursor.exemplar = undefined;
    },
    series: () => readSeries(cursor.text, type, rules, s, start),
    startTimestamp,
  };
  return cursor;
}
