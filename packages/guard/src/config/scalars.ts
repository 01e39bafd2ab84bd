import { type Document, isAlias, isMap, isScalar, isSeq, type Range } from 'yaml';
import type { Path } from './yaml-source.ts';

/** A scalar (or an alias, which may stand for one) and its place in the text. */
export interface PlacedScalar {
  readonly path: Path;
  readonly range: Range;
}

/** The scalars of a document that are values, in the order of the text. */
export function scalarsOf(document: Document): PlacedScalar[] {
  const found: PlacedScalar[] = [];
  collect(document.contents, [], found);
  return found;
}

function collect(node: unknown, path: Path, found: PlacedScalar[]): void {
  if (isMap(node)) {
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? key.value : key;
      collect(value, [...path, typeof name === 'number' ? name : String(name)], found);
    }
  } else if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) collect(item, [...path, index], found);
  } else if ((isScalar(node) || isAlias(node)) && node.range) found.push({ path, range: node.range });
}
