import { type Document, isScalar, type Scalar } from 'yaml';

/** Where the character at `offset` of the text at `path` is written; undefined where that cannot be told. */
export function offsetInText(
  source: string,
  document: Document,
  path: readonly (string | number)[],
  offset: number,
): number | undefined {
  const node = document.getIn(path, true);
  if (!isScalar(node) || typeof node.value !== 'string' || !node.range) return undefined;
  return node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED'
    ? inBlock(source, node as Scalar<string>, offset)
    : inLine(source, node as Scalar<string>, offset);
}

function inLine(source: string, { range, value, type }: Scalar<string>, offset: number): number | undefined {
  const quote = type === 'PLAIN' ? 0 : 1;
  const [start, end] = range!;
  return source.slice(start + quote, end - quote) === value ? start + quote + offset : undefined;
}

/** Each line of the text is the end of a line of the source, after the header's; folded lines are not. */
function inBlock(source: string, { range, value }: Scalar<string>, offset: number): number | undefined {
  const before = value.slice(0, offset).split('\n');
  let start = range![0];
  for (let line = 0; line < before.length; line += 1) start = source.indexOf('\n', start) + 1;
  const end = source.indexOf('\n', start);
  const written = source.slice(start, end === -1 ? undefined : end);
  const meant = value.split('\n')[before.length - 1]!;
  return written.endsWith(meant) ? start + written.length - meant.length + before.at(-1)!.length : undefined;
}
