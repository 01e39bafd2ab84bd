import type { Path, YamlSource } from '../config/index.ts';

/**
 * A part or another reading of a document: places within `value` are those that `rewrite` gives within the document.
 */
export const placedSource = (
  source: YamlSource,
  value: unknown,
  rewrite: (path: Path) => Path,
): YamlSource => ({
  ...source,
  value,
  problemAt: (path, problem) => source.problemAt(rewrite(path), problem),
  problemAtKey: (path, problem) => source.problemAtKey(rewrite(path), problem),
  problemInText: (path, offset, problem) => source.problemInText(rewrite(path), offset, problem),
  positionOf: path => source.positionOf(rewrite(path)),
  isPlainAt: path => source.isPlainAt(rewrite(path)),
});

/** The items of a document that is a list, each as a document of its own; the document itself where it is none. */
export const itemsOf = (source: YamlSource): YamlSource[] =>
  Array.isArray(source.value)
    ? source.value.map((item, i) => ({
        ...placedSource(source, item, path => [i, ...path]),
        goValue: () => (source.goValue() as unknown[])[i],
      }))
    : [source];
