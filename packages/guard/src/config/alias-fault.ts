import { type Document, isAlias, type Node, visit } from 'yaml';

/** The first alias of nothing, or of what it is a part of itself. */
export function aliasFault(document: Document): { message: string; offset: number } | undefined {
  const anchors = new Map<string, Node>();
  let fault: { message: string; offset: number } | undefined;
  visit(document, {
    Node(_key, node, parents) {
      if (!isAlias(node)) {
        if (node.anchor) anchors.set(node.anchor, node);
        return undefined;
      }
      const meant = anchors.get(node.source);
      if (meant && !parents.includes(meant as never)) return undefined;
      const message = meant
        ? 'an alias stands within what it is an alias of'
        : 'no anchor of this name stands before this alias';
      fault = { message, offset: node.range?.[0] ?? 0 };
      return visit.BREAK;
    },
  });
  return fault;
}
