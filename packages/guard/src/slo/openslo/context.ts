import type { Path, YamlSource } from '../../config/index.ts';
import type { ResolveContext } from '../format.ts';
import type { Reporter } from '../reporter.ts';
import type { DocumentOf } from './read.ts';
import type { NamedKind, Reference, Registry } from './registry.ts';

/** What looking references up and reporting needs. */
export interface Context extends ResolveContext {
  readonly registry: Registry;
  readonly report: Reporter;
}

/** Where something stands. */
export interface Place {
  readonly source: YamlSource;
  readonly path: Path;
}

export const within = ({ source, path }: Place, ...steps: Path): Place => ({
  source,
  path: [...path, ...steps],
});

/** The document that is meant; undefined, and told, when there is none. */
export function lookUp<K extends NamedKind>(
  kind: K,
  reference: Reference,
  { registry, report, complete }: Context,
): DocumentOf<K> | undefined {
  const found = registry.find(kind, reference.name);
  // It may be one of those that could not be read.
  if (!found && complete) report.problem(registry.unknown(kind, reference));
  return found;
}
