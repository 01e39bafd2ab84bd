import type { YamlSource } from '../config/index.ts';
import type { Problem } from '../core/index.ts';
import type { Slo } from './model.ts';
import type { PolicyBook } from './policies/policy-book.ts';
import type { Warning } from './warnings.ts';

/** The documents of one file's document that could be read, and what is wrong with it. */
export interface ReadResult<Document> {
  /** Empty when anything is wrong; more than one where a document holds several. */
  readonly documents: readonly Document[];
  readonly problems: readonly Problem[];
}

/** What the documents of a format come to. */
export interface Resolved {
  /** Without those that have problems. */
  readonly slos: readonly Slo[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly Warning[];
}

export interface ResolveContext {
  /**
   * False when some document of some file could not be read: a reference to nothing may then be to that one, and is
   * not told as a second mistake.
   */
  readonly complete: boolean;
  /** Whose names a document may give. */
  readonly policies: PolicyBook;
}

/** One way of writing objectives down. Reading is a document at a time; resolving sees those of all files. */
export interface SloFormat<Document> {
  /** As errors name it. */
  readonly title: string;
  /** How a document says that it is of this format, for errors: `apiVersion: openslo/v1`. */
  readonly header: string;
  /** Judges by the header alone, so that a mistake further down is told by `read`. */
  readonly recognises: (document: Readonly<Record<string, unknown>>) => boolean;
  /** Never throws for what a user wrote. */
  readonly read: (source: YamlSource) => ReadResult<Document>;
  /** In the order in which the documents were given. Names that two SLOs share are told by who calls. */
  readonly toSlos: (documents: readonly Document[], context: ResolveContext) => Resolved;
  /** For documents that change the objectives of others, whatever their format. */
  readonly amend?: (
    documents: readonly Document[],
    slos: readonly Slo[],
    context: ResolveContext,
  ) => Omit<Resolved, 'warnings'>;
}

/** A format whose documents are known to itself alone. */
export interface ReadyFormat {
  readonly title: string;
  readonly header: string;
  readonly recognises: (document: Readonly<Record<string, unknown>>) => boolean;
  /** Reads all its documents of all files; resolves when asked to. */
  readonly readAll: (sources: readonly YamlSource[]) => {
    readonly problems: readonly Problem[];
    readonly resolve: (context: ResolveContext) => Resolved;
    readonly amend: (slos: readonly Slo[], context: ResolveContext) => Omit<Resolved, 'warnings'>;
  };
}

/** Hides the type of a format's documents, so that formats of different documents stand in one table. */
export const ready = <Document>(format: SloFormat<Document>): ReadyFormat => ({
  title: format.title,
  header: format.header,
  recognises: format.recognises,
  readAll(sources) {
    const results = sources.map(source => format.read(source));
    const documents = results.flatMap(result => result.documents);
    return {
      problems: results.flatMap(result => result.problems),
      resolve: context => format.toSlos(documents, context),
      amend: (slos, context) => format.amend?.(documents, slos, context) ?? { slos, problems: [] },
    };
  },
});
