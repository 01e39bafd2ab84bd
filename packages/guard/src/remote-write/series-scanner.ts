import { checkFields, type FieldKinds, HISTOGRAM, METRIC_METADATA } from './check-fields.ts';
import { BITS64, BYTES, FieldWalker, VARINT } from './field-walker.ts';
import { malformed } from './malformed.ts';

/** Field numbers of a version's messages; 0 where it has no such field. */
export interface MessageLayout {
  /** In the request. */
  readonly series: number;
  /** In the request; not used, but it must be whole. */
  readonly familyMetadata: number;
  /** In a series. */
  readonly samples: number;
  readonly exemplars: number;
  readonly histograms: number;
  readonly metadata: number;
}

/** In a series of either version: the label pairs of version 1, the references of version 2. */
const LABELS = 1;
const LABELS_TAG = (LABELS << 3) | BYTES;
/** In a sample of either version. */
const VALUE_TAG = (1 << 3) | BITS64;
const TIMESTAMP_TAG = (2 << 3) | VARINT;

/** High and low 32 bits of a staleness marker (Prometheus: model/value.StaleNaN). */
const STALE_HIGH = 0x7ff0_0000;
const STALE_LOW = 2;

/**
 * Walks the series of a request in place, one at a time; what it tells of a series holds until `next`. Nothing is
 * allocated for a sample. Its methods throw a UserError `remote-write-malformed`.
 */
export class SeriesScanner {
  readonly walker: FieldWalker;
  readonly #bytes: Buffer;
  /** The body. */
  readonly view: DataView;
  readonly #layout: MessageLayout;
  #nextAt = 0;
  #seriesStart = 0;
  #seriesEnd = 0;
  #sampleAt = 0;
  #samplesLeft = 0;

  sampleCount = 0;
  exemplarCount = 0;
  histogramCount = 0;
  /** The first run of label fields; all of them, unless some are scattered behind other fields. */
  labelsStart = 0;
  labelsEnd = 0;
  hasScatteredLabels = false;
  /** Where the metadata is, the last one given; the end is 0 where there is none. */
  metadataStart = 0;
  metadataEnd = 0;

  /** The sample that `nextSample` moved to. */
  timestamp = 0;
  value = 0;
  isStale = false;

  constructor(body: Buffer, layout: MessageLayout) {
    this.walker = new FieldWalker(body);
    this.#bytes = body;
    this.view = new DataView(body.buffer, body.byteOffset, body.byteLength);
    this.#layout = layout;
  }

  /** Moves to the next series; false at the end of the request. */
  next(): boolean {
    const { walker } = this;
    const bodyEnd = this.#bytes.length;
    walker.at = this.#nextAt;
    while (walker.next(bodyEnd)) {
      if (walker.number === this.#layout.familyMetadata) this.#check(METRIC_METADATA);
      if (walker.number !== this.#layout.series) continue;
      walker.expect(BYTES);
      this.#nextAt = walker.at;
      this.#scan(walker.start, walker.end);
      return true;
    }
    return false;
  }

  #scan(start: number, end: number): void {
    const { walker } = this;
    this.#seriesStart = start;
    this.#seriesEnd = end;
    this.sampleCount = this.exemplarCount = this.histogramCount = 0;
    this.metadataEnd = 0;
    this.hasScatteredLabels = false;
    this.labelsStart = start;
    this.labelsEnd = walker.at = this.#shortLabels(start, end);
    for (let before = walker.at; walker.next(end); before = walker.at) this.#note(before);
    this.#samplesLeft = this.sampleCount;
  }

  /** Passes over labels of less than 128 bytes, which is nearly all there are. */
  #shortLabels(start: number, end: number): number {
    const bytes = this.#bytes;
    let at = start;
    while (at + 1 < end && bytes[at] === LABELS_TAG && bytes[at + 1]! < 0x80) {
      const after = at + 2 + bytes[at + 1]!;
      if (after > end) break;
      at = after;
    }
    return at;
  }

  #note(fieldStart: number): void {
    const { walker } = this;
    const { samples, exemplars, histograms, metadata } = this.#layout;
    switch (walker.number) {
      case LABELS:
        if (fieldStart === this.labelsEnd) this.labelsEnd = walker.at;
        else this.hasScatteredLabels = true;
        return;
      case samples:
        walker.expect(BYTES);
        if (this.sampleCount++ === 0) this.#sampleAt = fieldStart;
        return;
      case exemplars:
        walker.expect(BYTES);
        this.exemplarCount++;
        return;
      case histograms:
        this.#check(HISTOGRAM);
        this.histogramCount++;
        return;
      case metadata:
        walker.expect(BYTES);
        this.metadataStart = walker.start;
        this.metadataEnd = walker.end;
    }
  }

  /** The walker stays where it is. */
  #check(kinds: FieldKinds): void {
    const { walker } = this;
    const { at, number } = walker;
    checkFields(walker, kinds);
    walker.at = at;
    walker.number = number;
  }

  /** Moves to the next sample of the series, as they were sent; false where there is none. */
  nextSample(): boolean {
    if (this.#samplesLeft === 0) return false;
    this.#samplesLeft--;
    const { walker } = this;
    walker.at = this.#sampleAt;
    do walker.next(this.#seriesEnd);
    while (walker.number !== this.#layout.samples);
    this.#sampleAt = walker.at;
    this.#readSample(walker.start, walker.end);
    return true;
  }

  #readSample(start: number, end: number): void {
    const { walker } = this;
    this.timestamp = 0;
    this.value = 0;
    this.isStale = false;
    let at = start;
    while (at < end) {
      const tag = this.#bytes[at];
      if (tag === VALUE_TAG && at + 9 <= end) {
        this.#readValue(at + 1);
        at += 9;
        continue;
      }
      walker.at = at;
      if (tag === TIMESTAMP_TAG) {
        walker.at++;
        this.timestamp = walker.int64(end);
      } else this.#passOver(end);
      at = walker.at;
    }
  }

  #readValue(at: number): void {
    const value = this.view.getFloat64(at, true);
    this.value = value;
    // A NaN's payload may not survive in a number.
    this.isStale =
      Number.isNaN(value) &&
      this.view.getUint32(at + 4, true) === STALE_HIGH &&
      this.view.getUint32(at, true) === STALE_LOW;
  }

  /** A field of a sample that is not read: not its value, and not its timestamp. */
  #passOver(sampleEnd: number): void {
    this.walker.next(sampleEnd);
    if (this.walker.number <= 2)
      throw malformed(`field ${this.walker.number} of a sample has wire type ${this.walker.wireType}`);
  }

  /** Calls back at each label field, and at each exemplar, with the walker on it. */
  eachLabelField(visit: () => void): void {
    const end = this.hasScatteredLabels ? this.#seriesEnd : this.labelsEnd;
    this.#each(LABELS, end, visit);
  }

  eachExemplar(visit: () => void): void {
    if (this.exemplarCount > 0) this.#each(this.#layout.exemplars, this.#seriesEnd, visit);
  }

  #each(number: number, end: number, visit: () => void): void {
    const { walker } = this;
    walker.at = this.#seriesStart;
    while (walker.next(end)) {
      if (walker.number !== number) continue;
      const after = walker.at;
      visit();
      walker.at = after;
    }
  }

  /** A double at `at`, little-endian. */
  double(at: number): number {
    return this.view.getFloat64(at, true);
  }
}
