import { isUtf8 } from 'node:buffer';
import { expositionFormat } from './content-type.ts';
import type { ExpositionVisitor, MetadataEntry, SeriesEntry } from './entries.ts';
import { readOpenMetrics } from './open-metrics.ts';
import { createScanner } from './scanner.ts';
import { readTextFormat } from './text-format.ts';

/**
 * Reads an exposition and hands its entries to the visitor in order. What was handed on before a failure stays with
 * the visitor, which decides what becomes of it.
 *
 * @param contentType the answer's header; chooses the format
 * @param body bytes, or text that was decoded without loss
 * @throws UserError of `expositionFormat`, or `bad-exposition` with line and column
 */
export function visitExposition(
  contentType: string | undefined,
  body: Uint8Array | string,
  visitor: ExpositionVisitor,
): void {
  const format = expositionFormat(contentType);
  const decoded =
    typeof body === 'string' ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();
  const isValid = typeof body === 'string' || isUtf8(body);
  if (format === 'openmetrics') {
    readOpenMetrics(createScanner(decoded, isValid), visitor);
    return;
  }
  const terminated = decoded.endsWith('\n') ? decoded : `${decoded}\n`;
  readTextFormat(createScanner(terminated, isValid), visitor);
}

/** A whole exposition. */
export interface Exposition {
  readonly series: readonly SeriesEntry[];
  readonly metadata: readonly MetadataEntry[];
}

/** As `visitExposition`, all or nothing. */
export function parseExposition(contentType: string | undefined, body: Uint8Array | string): Exposition {
  const series: SeriesEntry[] = [];
  const metadata: MetadataEntry[] = [];
  visitExposition(contentType, body, {
    series: entry => series.push(entry),
    metadata: entry => metadata.push(entry),
  });
  return { series, metadata };
}
