import type { Path, YamlSource } from '../../config/index.ts';
import type { Problem } from '../../core/index.ts';
import type { DocumentOf, OpenSloDocument } from './read.ts';
import type { Kind } from './schema.ts';

/** Kinds that others refer to by name. */
export type NamedKind = Exclude<Kind, 'SLO'>;

const IN_CODES: Record<NamedKind, string> = {
  Service: 'service',
  SLI: 'sli',
  DataSource: 'data-source',
  AlertPolicy: 'alert-policy',
  AlertCondition: 'alert-condition',
  AlertNotificationTarget: 'notification-target',
};

/** A name in a document, and where it stands. */
export interface Reference {
  readonly name: string;
  readonly source: YamlSource;
  readonly path: Path;
}

/** The named documents of all files. */
export interface Registry {
  /** Names that several documents of a kind have. */
  readonly problems: readonly Problem[];
  has(kind: NamedKind): boolean;
  find<K extends NamedKind>(kind: K, name: string): DocumentOf<K> | undefined;
  /** The problem of a reference to nothing: `unknown-…`. */
  unknown(kind: NamedKind, reference: Reference): Problem;
}

export function createRegistry(documents: readonly OpenSloDocument[]): Registry {
  const byName = new Map<string, OpenSloDocument>();
  const kinds = new Set<Kind>();
  const problems: Problem[] = [];
  const key = (kind: Kind, name: string) => `${kind} ${name}`;
  for (const document of documents) {
    if (document.kind === 'SLO') continue;
    const { kind, metadata, source } = document;
    kinds.add(kind);
    const first = byName.get(key(kind, metadata.name));
    if (first) problems.push(duplicate(document, first, IN_CODES[kind]));
    else byName.set(key(kind, metadata.name), { ...document, source } as OpenSloDocument);
  }
  return {
    problems,
    has: kind => kinds.has(kind),
    find: <K extends NamedKind>(kind: K, name: string) =>
      byName.get(key(kind, name)) as DocumentOf<K> | undefined,
    unknown: (kind, { name, source, path }) =>
      source.problemAt(path, {
        code: `unknown-${IN_CODES[kind]}`,
        message: `no ${kind} named ${JSON.stringify(name)} is declared`,
        remedy: `declare it in a document of kind: ${kind}, in any of the files`,
      }),
  };
}

function duplicate(
  { kind, metadata, source }: OpenSloDocument,
  first: OpenSloDocument,
  inCode: string,
): Problem {
  const { file, line } = first.source.positionOf(['metadata', 'name']);
  return source.problemAt(['metadata', 'name'], {
    code: `duplicate-${inCode}`,
    message: `another ${kind} is named ${metadata.name}, at ${file}:${line}`,
    remedy: 'rename one of them',
  });
}
