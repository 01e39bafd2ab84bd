import { isUtf8 } from 'node:buffer';
import type { Labels, Milliseconds } from '../core/index.ts';
import { expositionFormat } from './content-type.ts';
import type {
  ExposedExemplar,
  ExpositionVisitor,
  MetadataEntry,
  ReadOptions,
  SampleEntry,
} from './entries.ts';
import { createOpenMetricsReader } from './open-metrics.ts';
import { createScanner } from './scanner.ts';
import { createTextReader } from './text-format.ts';

/** An exposition that is being read. */
export interface ExpositionReader {
  /** Reads up to `lines` further lines; false once all are read. @throws UserError `bad-exposition` with line and column */
  read(lines: number): boolean;
}

/**
 * Reads an exposition and hands its entries to the visitor in order. What was handed on before a failure stays with
 * the visitor, which decides what becomes of it.
 *
 * @param contentType the answer's header; chooses the format
 * @param body bytes, or text that was decoded without loss
 * @throws UserError of `expositionFormat`
 */
export function createExpositionReader(
  contentType: string | undefined,
  body: Uint8Array | string,
  visitor: ExpositionVisitor,
  { fallback, startTimestamps = false }: ReadOptions = {},
): ExpositionReader {
  const format = expositionFormat(contentType, fallback);
  const text =
    typeof body === 'string' ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();
  const isValid = typeof body === 'string' || isUtf8(body);
  const reader =
    format === 'openmetrics'
      ? createOpenMetricsReader(createScanner(text, isValid), visitor, { startTimestamps })
      : createTextReader(createScanner(text.endsWith('\n') ? text : `${text}\n`, isValid), visitor);
  return {
    read(lines) {
      for (let line = 0; line < lines; line++) if (!reader.readLine()) return false;
      return true;
    },
  };
}

/** A sample with its labels. */
export interface SeriesEntry {
  /** With the metric's name under `__name__`. Empty label values are gone. */
  readonly labels: Labels;
  readonly value: number;
  readonly timestamp?: Milliseconds;
  readonly exemplar?: ExposedExemplar;
  readonly startTimestamp?: Milliseconds;
}

/** A whole exposition. */
export interface Exposition {
  readonly series: readonly SeriesEntry[];
  readonly metadata: readonly MetadataEntry[];
}

/** Takes samples with their labels, in the order of the text. */
export interface SeriesVisitor {
  series(entry: SeriesEntry): void;
  metadata?(entry: MetadataEntry): void;
}

/** As `createExpositionReader`, at once and with every series read. */
export function visitExposition(
  contentType: string | undefined,
  body: Uint8Array | string,
  visitor: SeriesVisitor,
  options: ReadOptions = {},
): void {
  const sample = (entry: SampleEntry) => visitor.series(seriesEntry(entry));
  const metadata = (entry: MetadataEntry) => visitor.metadata?.(entry);
  const reader = createExpositionReader(contentType, body, { sample, metadata }, options);
  reader.read(Number.POSITIVE_INFINITY);
}

function seriesEntry(entry: SampleEntry): SeriesEntry {
  const { value, timestamp, exemplar } = entry;
  const startTimestamp = entry.startTimestamp();
  return {
    labels: entry.series().labels,
    value,
    ...(timestamp !== undefined && { timestamp }),
    ...(exemplar && { exemplar }),
    ...(startTimestamp !== undefined && { startTimestamp }),
  };
}

/** As `visitExposition`, all or nothing. */
export function parseExposition(
  contentType: string | undefined,
  body: Uint8Array | string,
  options: ReadOptions = {},
): Exposition {
  const series: SeriesEntry[] = [];
  const metadata: MetadataEntry[] = [];
  visitExposition(
    contentType,
    body,
    { series: entry => series.push(entry), metadata: entry => metadata.push(entry) },
    options,
  );
  return { series, metadata };
}
