import { isUtf8 } from 'node:buffer';
import type { Labels, Milliseconds } from '../core/index.ts';
import { expositionFormat } from './content-type.ts';
import type { ExposedExemplar, ExpositionVisitor, MetadataEntry, ReadOptions } from './entries.ts';
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
export interface ExposedSample {
  /** With the metric's name under `__name__`. Empty label values are gone. */
  readonly labels: Labels;
  readonly value: number;
  readonly timestamp?: Milliseconds;
  readonly exemplar?: ExposedExemplar;
  readonly startTimestamp?: Milliseconds;
}

/** A whole exposition. */
export interface Exposition {
  readonly series: readonly ExposedSample[];
  readonly metadata: readonly MetadataEntry[];
}

/** As `createExpositionReader`, at once, all or nothing. */
export function parseExposition(
  contentType: string | undefined,
  body: Uint8Array | string,
  options: ReadOptions = {},
): Exposition {
  const series: ExposedSample[] = [];
  const metadata: MetadataEntry[] = [];
  const reader = createExpositionReader(
    contentType,
    body,
    {
      sample(entry) {
        const { value, timestamp, exemplar } = entry;
        const startTimestamp = entry.startTimestamp();
        series.push({
          labels: entry.series().labels,
          value,
          ...(timestamp !== undefined && { timestamp }),
          ...(exemplar && { exemplar }),
          ...(startTimestamp !== undefined && { startTimestamp }),
        });
      },
      metadata: entry => metadata.push(entry),
    },
    options,
  );
  reader.read(Number.POSITIVE_INFINITY);
  return { series, metadata };
}
