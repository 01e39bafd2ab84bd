import { BITS64, BYTES, type FieldWalker, VARINT } from './field-walker.ts';
import { malformed } from './malformed.ts';

/** How a field is written: alone, or as a list that may be packed. */
type FieldKind = 'varint' | 'double' | 'bytes' | 'varints' | 'doubles';
/** The fields of a message by their numbers, messages in it by their own fields. */
export interface FieldKinds {
  readonly [number: number]: FieldKind | FieldKinds;
}

const SPAN: FieldKinds = { 1: 'varint', 2: 'varint' };

/** `prometheus.Histogram` and `io.prometheus.write.v2.Histogram`, which has one field more. */
export const HISTOGRAM: FieldKinds = {
  1: 'varint',
  2: 'double',
  3: 'double',
  4: 'varint',
  5: 'double',
  6: 'varint',
  7: 'double',
  8: SPAN,
  9: 'varints',
  10: 'doubles',
  11: SPAN,
  12: 'varints',
  13: 'doubles',
  14: 'varint',
  15: 'varint',
  16: 'doubles',
};

/** `prometheus.MetricMetadata`. */
export const METRIC_METADATA: FieldKinds = { 1: 'varint', 2: 'bytes', 4: 'bytes', 5: 'bytes' };

/**
 * Reads a message whose content is not wanted: one that is damaged makes the request malformed all the same. The
 * walker is on the field that holds the message.
 */
export function checkFields(walker: FieldWalker, kinds: FieldKinds): void {
  walker.expect(BYTES);
  const { end } = walker;
  walker.at = walker.start;
  while (walker.next(end)) {
    const kind = kinds[walker.number];
    if (kind === undefined) continue;
    const after = walker.at;
    if (typeof kind === 'object') checkFields(walker, kind);
    else CHECKS[kind](walker);
    walker.at = after;
  }
}

const CHECKS: Readonly<Record<FieldKind, (walker: FieldWalker) => void>> = {
  bytes: walker => walker.expect(BYTES),
  varint: walker => walker.expect(VARINT),
  double: walker => walker.expect(BITS64),
  varints: walker => (walker.wireType === BYTES ? checkPackedVarints(walker) : walker.expect(VARINT)),
  doubles: walker => (walker.wireType === BYTES ? checkPackedDoubles(walker) : walker.expect(BITS64)),
};

function checkPackedVarints(walker: FieldWalker): void {
  const { end } = walker;
  walker.at = walker.start;
  while (walker.at < end) walker.varint(end);
}

function checkPackedDoubles({ start, end }: FieldWalker): void {
  if ((end - start) % 8 !== 0) throw malformed('unexpected EOF');
}
