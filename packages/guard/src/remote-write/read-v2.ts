import { BITS64, VARINT } from './field-walker.ts';
import { checkLimit } from './limits.ts';
import { LabelReferences } from './references.ts';
import type { SeriesCache } from './series-cache.ts';
import { identify } from './series-identity.ts';
import type { SentExemplar, SeriesReader } from './series-reader.ts';
import { type MessageLayout, SeriesScanner } from './series-scanner.ts';
import { readSymbols, type SymbolIds } from './symbols.ts';

/**
 * `io.prometheus.write.v2.Request` and `TimeSeries` (Prometheus: prompb/io/prometheus/write/v2/types.proto). Start
 * timestamps are passed over, as in Prometheus without its feature flags for them.
 */
const LAYOUT: MessageLayout = {
  series: 5,
  familyMetadata: 0,
  samples: 2,
  histograms: 3,
  exemplars: 4,
  metadata: 5,
};
/** In `Metadata`. */
const TYPE = 1;
const HELP = 3;
const UNIT = 4;

/** Reads a request of remote write 2.0. @throws UserError `remote-write-malformed`, `remote-write-too-large` */
export function readVersion2(body: Buffer, cache: SeriesCache, ids: SymbolIds): SeriesReader {
  const scanner = new SeriesScanner(body, LAYOUT);
  const { walker } = scanner;
  const symbols = readSymbols(body, ids);
  const references = new LabelReferences();
  const exemplarReferences = new LabelReferences();
  const metadata = { type: 0, help: 0, unit: 0 };

  function readMetadata(): void {
    metadata.type = metadata.help = metadata.unit = 0;
    const end = scanner.metadataEnd;
    walker.at = scanner.metadataStart;
    while (walker.next(end)) {
      const { number } = walker;
      if (number !== TYPE && number !== HELP && number !== UNIT) continue;
      walker.expect(VARINT);
      walker.at = walker.start;
      const value = walker.varint(end) >>> 0;
      if (number === TYPE) metadata.type = value;
      else if (number === HELP) metadata.help = value;
      else metadata.unit = value;
    }
  }

  function metadataProblem(): string | undefined {
    for (const name of ['unit', 'help'] as const)
      if (metadata[name] >= symbols.count)
        return `metadata ${name}_ref ${metadata[name]} outside of symbols table (size ${symbols.count})`;
    return undefined;
  }

  function readExemplar(): SentExemplar | string {
    const { end } = walker;
    exemplarReferences.clear();
    let value = 0;
    let timestamp = 0;
    walker.at = walker.start;
    while (walker.next(end)) {
      const after = walker.at;
      if (walker.number === 1) exemplarReferences.read(walker);
      else if (walker.number === 2) {
        walker.expect(BITS64);
        value = scanner.double(walker.start);
      } else if (walker.number === 3) {
        walker.expect(VARINT);
        walker.at = walker.start;
        timestamp = walker.int64(end);
      }
      walker.at = after;
    }
    return (
      exemplarReferences.problem(symbols) ?? {
        labels: exemplarReferences.labels(symbols),
        value,
        timestamp,
      }
    );
  }

  return {
    scanner,
    unreadable() {
      references.clear();
      scanner.eachLabelField(() => references.read(walker));
      readMetadata();
      const labels = references.problem(symbols);
      if (labels !== undefined)
        return { message: `parsing labels for series ${references}: ${labels}`, inLabels: true };
      const problem = metadataProblem();
      if (problem !== undefined)
        return { message: `parsing metadata for series ${references}: ${problem}`, inLabels: false };
      return undefined;
    },
    identity() {
      const readIdentity = () => identify(references.labels(symbols));
      if (!references.makeKey(symbols)) return readIdentity();
      return cache.find(references.keyView, 0, references.keyLength, readIdentity);
    },
    hasMetadata: () => metadata.type > 0 || metadata.help > 0 || metadata.unit > 0,
    exemplars() {
      checkLimit('maxExemplars', scanner.exemplarCount);
      const exemplars: Array<SentExemplar | string> = [];
      scanner.eachExemplar(() => {
        exemplars.push(readExemplar());
      });
      return exemplars;
    },
  };
}
