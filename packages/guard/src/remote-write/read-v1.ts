import { isUtf8 } from 'node:buffer';
import { BITS64, BYTES, type FieldWalker, VARINT } from './field-walker.ts';
import { checkLimit } from './limits.ts';
import type { SeriesCache } from './series-cache.ts';
import { identify, type SentLabel } from './series-identity.ts';
import type { SentExemplar, SeriesReader } from './series-reader.ts';
import { type MessageLayout, SeriesScanner } from './series-scanner.ts';

/** `prometheus.WriteRequest` and `prometheus.TimeSeries` (Prometheus: prompb/remote.proto, prompb/types.proto). */
const LAYOUT: MessageLayout = {
  series: 1,
  familyMetadata: 3,
  samples: 2,
  exemplars: 3,
  histograms: 4,
  metadata: 0,
};

/**
 * Reads a request of remote write 1.0. Metadata beside the series is passed over, as in Prometheus.
 */
export function readVersion1(body: Buffer, cache: SeriesCache): SeriesReader {
  const scanner = new SeriesScanner(body, LAYOUT);
  const { walker } = scanner;

  function sentLabels(): SentLabel[] {
    const labels: SentLabel[] = [];
    scanner.eachLabelField(() => {
      labels.push(readLabel(body, walker));
      checkLimit('maxLabels', labels.length);
    });
    return labels;
  }

  const readIdentity = () => identify(sentLabels());

  function readExemplar(): SentExemplar {
    const { end } = walker;
    const labels: SentLabel[] = [];
    let value = 0;
    let timestamp = 0;
    walker.at = walker.start;
    while (walker.next(end)) {
      const after = walker.at;
      if (walker.number === 1) {
        labels.push(readLabel(body, walker));
        checkLimit('maxLabels', labels.length);
      } else if (walker.number === 2) {
        walker.expect(BITS64);
        value = scanner.double(walker.start);
      } else if (walker.number === 3) {
        walker.expect(VARINT);
        walker.at = walker.start;
        timestamp = walker.int64(end);
      }
      walker.at = after;
    }
    return { labels, value, timestamp };
  }

  return {
    scanner,
    unreadable: () => undefined,
    identity() {
      const { labelsStart, labelsEnd, hasScatteredLabels } = scanner;
      // Nobody sends them so; they need no memory.
      if (hasScatteredLabels) return readIdentity();
      return cache.find(scanner.view, labelsStart, labelsEnd, readIdentity);
    },
    hasMetadata: () => false,
    exemplars() {
      checkLimit('maxExemplars', scanner.exemplarCount);
      const exemplars: SentExemplar[] = [];
      scanner.eachExemplar(() => {
        exemplars.push(readExemplar());
      });
      return exemplars;
    },
  };
}

/** The label that the walker is on; which field comes last holds. */
function readLabel(body: Buffer, walker: FieldWalker): SentLabel {
  walker.expect(BYTES);
  const { end } = walker;
  let name = '';
  let value = '';
  let isText = true;
  walker.at = walker.start;
  while (walker.next(end)) {
    if (walker.number > 2) continue;
    walker.expect(BYTES);
    const text = body.toString('utf8', walker.start, walker.end);
    isText &&= isUtf8(body.subarray(walker.start, walker.end));
    if (walker.number === 1) name = text;
    else value = text;
  }
  return { name, value, isText };
}
