import { UserError } from '../core/index.ts';
import type { ExpositionFormat } from './entries.ts';

const FORMATS: ReadonlyMap<string, ExpositionFormat> = new Map([
  ['text/plain', 'text'],
  ['application/openmetrics-text', 'openmetrics'],
]);

/** A media type with parameters that are tokens or quoted strings, as Go's mime.ParseMediaType accepts them. */
const MEDIA_TYPE =
  /^\s*([\w!#$%&'*+.^`|~-]+(?:\/[\w!#$%&'*+.^`|~-]+)?)\s*((?:;\s*[\w!#$%&'*+.^`|~-]+\s*=\s*(?:[\w!#$%&'*+.^`|~-]+|"(?:[^"\\]|\\.)*")\s*)*);?\s*$/;
const VERSION = /;\s*version\s*=\s*"?([^";\s]+)/i;

const REMEDY =
  'answer with text/plain; version=0.0.4 or application/openmetrics-text; version=1.0.0, or set fallback_scrape_protocol';

/**
 * Chooses the format as Prometheus 3 does: a type that is missing, malformed or not one of the exposition formats
 * fails where no fallback is given, since guessing would hide that something else answers under the address.
 *
 * @throws UserError `no-content-type`, `bad-content-type`, `unsupported-content-type`
 */
export function expositionFormat(
  contentType: string | undefined,
  fallback?: ExpositionFormat,
): ExpositionFormat {
  const format = knownFormat(contentType);
  if (format) return format;
  if (fallback) return fallback;
  const shown = JSON.stringify(contentType);
  if (!contentType) {
    throw new UserError('no-content-type', 'the answer has no Content-Type', { remedy: REMEDY });
  }
  if (!MEDIA_TYPE.test(contentType)) {
    throw new UserError('bad-content-type', `cannot read the Content-Type ${shown}`, { remedy: REMEDY });
  }
  throw new UserError(
    'unsupported-content-type',
    `the Content-Type ${shown} is not an exposition format that is read here`,
    { remedy: REMEDY },
  );
}

function knownFormat(contentType: string | undefined): ExpositionFormat | undefined {
  const match = MEDIA_TYPE.exec(contentType ?? '');
  const format = match ? FORMATS.get(match[1]!.toLowerCase()) : undefined;
  // OpenMetrics 2.0 is another grammar; Prometheus reads it behind a feature flag only.
  const isFuture = format === 'openmetrics' && VERSION.exec(match![2]!)?.[1] === '2.0.0';
  return isFuture ? undefined : format;
}
