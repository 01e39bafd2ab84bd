import { ownCopy } from '../core/index.ts';
import type { MetadataEntry, MetricType } from '../exposition/index.ts';

/** What a target says of a metric family. */
export interface FamilyMetadata {
  readonly type: MetricType;
  readonly help: string;
  readonly unit: string;
}

/** Metadata lines of a target, kept for ten scrapes after their families are gone (scrape/scrape.go metaEntry). */
export interface MetadataCache {
  readonly families: ReadonlyMap<string, FamilyMetadata>;
  remember(entry: MetadataEntry): void;
  /** Ends a scrape; `forget` drops what is gone for long. */
  finish(forget: boolean): void;
  /** Bytes of the texts, as Prometheus counts them: help, unit and type, without the families' names. */
  size(): number;
}

interface Entry extends FamilyMetadata {
  readonly seenIn: number;
}

const KEPT_SCRAPES = 10;

export function createMetadataCache(): MetadataCache {
  const families = new Map<string, Entry>();
  let scrape = 0;

  return {
    families,
    remember({ name, type, help, unit }) {
      const before = families.get(name);
      const { type: oldType = 'unknown', help: oldHelp = '', unit: oldUnit = '' } = before ?? {};
      families.set(before ? name : ownCopy(name), {
        type: type ?? oldType,
        help: kept(help, oldHelp),
        unit: kept(unit, oldUnit),
        seenIn: scrape,
      });
    },
    finish(forget) {
      if (forget) {
        for (const [name, { seenIn }] of families) if (scrape - seenIn > KEPT_SCRAPES) families.delete(name);
      }
      scrape++;
    },
    size() {
      let bytes = 0;
      for (const { type, help, unit } of families.values())
        bytes += Buffer.byteLength(help) + Buffer.byteLength(unit) + type.length;
      return bytes;
    },
  };
}

/** The old text where it is the same: the new one is cut out of an exposition. */
const kept = (text: string | undefined, old: string): string =>
  text === undefined || text === old ? old : ownCopy(text);
