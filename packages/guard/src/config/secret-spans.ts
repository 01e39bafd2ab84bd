import { type Document, isAlias, isMap, isNode, isScalar, isSeq } from 'yaml';
import type { Path } from './yaml-source.ts';

/** From where to where, in UTF-16 units, `end` excluded. */
export type Span = readonly [start: number, end: number];

/**
 * Where the secrets of a document are written, in the order of the text. Where a secret is written as something else than a
 * text, all that stands in it is one, keys included: `password: a: b` was meant to be a password.
 */
export function secretSpans(document: Document, isSecret: (path: Path) => boolean): Span[] {
  const found: Span[] = [];

  function collect(node: unknown, path: Path, isWithin: boolean): void {
    const isHidden = isWithin || isSecret(path);
    if (isMap(node)) {
      for (const { key, value } of node.items) {
        const name = isScalar(key) ? key.value : key;
        if (isHidden) collect(key, path, true);
        collect(value, [...path, typeof name === 'number' ? name : String(name)], isHidden);
      }
    } else if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) collect(item, [...path, index], isHidden);
    } else if (isHidden && isNode(node) && (isScalar(node) || isAlias(node)) && node.range)
      found.push([node.range[0], node.range[1]]);
  }

  collect(document.contents, [], false);
  return found;
}

/**
 * As `secretSpans`, with what stands before a secret's text (tags, anchors). In a document that cannot be read, all that
 * follows the name of a secret on its line: where the secret ends is what is not known there.
 */
export function wideSecretSpans(text: string, document: Document, isSecret: (path: Path) => boolean): Span[] {
  const isBroken = document.errors.length > 0;
  const lineEnd = (at: number) => {
    const end = text.indexOf('\n', at);
    return end === -1 ? text.length : end;
  };
  const after = (at: number) => text.indexOf(':', at) + 1;
  const found: Span[] = isBroken ? namedSpans(text, isSecret) : [];

  function collect(node: unknown, path: Path): void {
    if (isSeq(node)) for (const [index, item] of node.items.entries()) collect(item, [...path, index]);
    if (!isMap(node)) return;
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? key.value : key;
      const inner = [...path, typeof name === 'number' ? name : String(name)];
      collect(value, inner);
      if (!isSecret(inner) || !isNode(key) || !key.range) continue;
      const start = after(key.range[1]);
      const end = isNode(value) && value.range ? value.range[1] : start;
      found.push([start, isBroken ? Math.max(end, lineEnd(start)) : end]);
    }
  }

  collect(document.contents, []);
  return found;
}

/** What follows the names of secrets on their lines, wherever they seem to stand. */
const namedSpans = (text: string, isSecret: (path: Path) => boolean): Span[] =>
  [...text.matchAll(/([\w-]+)["']?[ \t]*:([^\n]*)/g)].flatMap(
    ({ 0: all, 1: name, 2: rest, index }): Span[] => {
      const end = index + all.length;
      return isSecret([name!]) ? [[end - rest!.length, end]] : [];
    },
  );
