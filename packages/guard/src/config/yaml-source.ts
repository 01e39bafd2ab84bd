import {
  type Document,
  isMap,
  isNode,
  isPair,
  isScalar,
  LineCounter,
  type Node,
  parseAllDocuments,
  type Scalar,
  visit,
  type YAMLError,
} from 'yaml';
import { caretExcerpt, hideUserinfo, type Position, type Problem, UserError } from '../core/index.ts';
import { aliasFault } from './alias-fault.ts';
import { goScalar } from './go-scalars.ts';
import { hideSecrets } from './secrets.ts';
import { offsetInText } from './text-offset.ts';

/** Where a value stands: keys and indexes from the document's root. */
export type Path = readonly (string | number)[];

/** One YAML document with the place of every node. */
export interface YamlSource {
  readonly file: string;
  readonly text: string;
  /** Plain values; undefined for an empty document. */
  readonly value: unknown;
  /** The values as Go's YAML library resolves them (see `goScalar`); integers are bigint. */
  goValue(): unknown;
  /** The problem, placed at the value at `path`, or at the nearest ancestor that exists. */
  problemAt(path: Path, problem: Omit<Problem, 'position' | 'excerpt'>): Problem;
  /** As `problemAt`, placed at the key rather than at its value. */
  problemAtKey(path: Path, problem: Omit<Problem, 'position' | 'excerpt'>): Problem;
  /**
   * As `problemAt`, placed within the text that stands at `path`: `offset` counts its UTF-16 units. Where what is written
   * differs from the text that it stands for (escapes, folded lines), the place is that of the whole.
   */
  problemInText(path: Path, offset: number, problem: Omit<Problem, 'position' | 'excerpt'>): Problem;
  positionOf(path: Path): Position;
  /** Whether a scalar without quotes stands at `path`: in quotes a number is a text. */
  isPlainAt(path: Path): boolean;
  /** The text with `<secret>` in place of each secret and of the credentials in addresses. */
  readonly redacted: string;
}

export interface YamlOptions {
  /**
   * `texts`: a scalar without quotes is what is written, and not the number, truth value or time that it may be read
   * as (`1.50` stays `1.50`); null stays null. Go's library reads scalars so where a text is wanted. By default values.
   */
  readonly scalars?: 'values' | 'texts';
  /** `absent`: a key without a value is as if it were not there, as Go's library fills the fields of a struct. */
  readonly emptyKeys?: 'null' | 'absent';
  /** Which scalars are secrets: errors do not show them, nor credentials in addresses; nor does `redacted`. None by default. */
  readonly isSecret?: (path: Path) => boolean;
}

/** What a configuration file may hold at most; a larger one is refused before parsing. */
export const MAX_FILE_BYTES = 16 * 1024 * 1024;
/** Anchors expanded at most, against documents that multiply themselves. */
const MAX_ALIASES = 100;

/**
 * Reads YAML 1.2 as Go's YAML library reads it where the two differ for our files: merge keys are honoured.
 * Empty documents are left out.
 *
 * @throws UserError `file-too-large` or, with every syntax error and its place, `bad-yaml`
 */
export function readYaml(
  file: string,
  text: string,
  { scalars = 'values', emptyKeys = 'null', isSecret }: YamlOptions = {},
): YamlSource[] {
  if (Buffer.byteLength(text) > MAX_FILE_BYTES) {
    throw new UserError('file-too-large', `${file} is larger than ${MAX_FILE_BYTES} bytes`);
  }
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    merge: true,
    uniqueKeys: true,
    prettyErrors: false,
  });
  const list: Document[] = 'empty' in documents ? [] : [...documents];
  const { redacted, masked } = hideSecrets(text, list, isSecret);
  const positionAt = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const place = (offset: number) => ({
    position: positionAt(offset),
    excerpt: caretExcerpt(masked, offset),
  });
  /** Some messages quote what they are about. */
  const messageWithin = ({ message, pos: [start, end] }: YAMLError) =>
    masked.slice(start, end) === text.slice(start, end) ? message : message.replace(/:.*|\\.*/s, '').trim();
  const problems = list.flatMap(document =>
    document.errors.map(
      (error): Problem => ({ code: 'bad-yaml', message: messageWithin(error), ...place(error.pos[0]) }),
    ),
  );
  if (isNonEmpty(problems)) throw UserError.ofProblems(problems);
  if (scalars === 'texts') list.forEach(keepTexts);
  if (emptyKeys === 'absent') list.forEach(dropEmptyKeys);
  return list
    .map(document => sourceOf(document))
    .filter(source => source.value !== null && source.value !== undefined);

  function sourceOf(document: Document): YamlSource {
    const locate = (path: Path, atKey: boolean) => place(offsetOf(document, path, atKey));
    /** Messages quote values. */
    const clean = <T extends Pick<Problem, 'message'>>(problem: T): T =>
      isSecret ? { ...problem, message: hideUserinfo(problem.message) } : problem;
    return {
      file,
      text,
      value: plainValue(document),
      redacted,
      goValue: () => withGoScalars(document, () => plainValue(document)),
      problemAt: (path, problem) => ({ ...clean(problem), ...locate(path, false) }),
      problemAtKey: (path, problem) => ({ ...clean(problem), ...locate(path, true) }),
      problemInText: (path, offset, problem) => ({
        ...clean(problem),
        ...place(offsetInText(text, document, path, offset) ?? offsetOf(document, path, false)),
      }),
      positionOf: path => positionAt(offsetOf(document, path, false)),
      isPlainAt(path) {
        const node = document.getIn(path, true);
        return isScalar(node) && node.type === 'PLAIN';
      },
    };
  }

  function plainValue(document: Document): unknown {
    const refuse = (message: string, offset = document.contents?.range?.[0] ?? 0) =>
      UserError.ofProblems([{ code: 'bad-yaml', message, ...place(offset) }]);
    const fault = text.includes('*') ? aliasFault(document) : undefined;
    if (fault) throw refuse(fault.message, fault.offset);
    try {
      return document.toJS({ maxAliasCount: MAX_ALIASES });
    } catch (error) {
      throw refuse((error as Error).message);
    }
  }
}

/** As `readYaml`, for a file that must hold exactly one document. @throws UserError `no-document`, `several-documents` */
export function readOneYaml(file: string, text: string, options: YamlOptions = {}): YamlSource {
  const sources = readYaml(file, text, options);
  const [first, second] = sources;
  if (!first)
    throw new UserError('no-document', `${file} is empty`, { position: { file, line: 1, column: 1 } });
  if (second) {
    throw UserError.ofProblems([
      second.problemAt([], {
        code: 'several-documents',
        message: 'only one YAML document is read from this file',
      }),
    ]);
  }
  return first;
}

/** Runs with the scalars of a document resolved as Go resolves them. */
function withGoScalars<T>(document: Document, run: () => T): T {
  const resolved: { readonly node: Scalar; readonly value: unknown }[] = [];
  visit(document, {
    Scalar(key, node) {
      if (key === 'key' || node.type !== 'PLAIN' || node.tag !== undefined || node.source === undefined)
        return;
      const value = goScalar(node.source);
      if (value === node.value) return;
      resolved.push({ node, value: node.value });
      node.value = value;
    },
  });
  try {
    return run();
  } finally {
    for (const { node, value } of resolved) node.value = value;
  }
}

function keepTexts(document: Document): void {
  visit(document, {
    Scalar(_key, node) {
      if (node.type === 'PLAIN' && node.value !== null && node.source !== undefined) node.value = node.source;
    },
  });
}

function dropEmptyKeys(document: Document): void {
  visit(document, {
    Pair(_key, { value }) {
      return value === null || (isScalar(value) && value.value === null) ? visit.REMOVE : undefined;
    },
  });
}

function offsetOf(document: Document, path: Path, atKey: boolean): number {
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const [depth, key] of path.entries()) {
    const last = depth === path.length - 1;
    if (isMap(node)) {
      const pair = node.items.find(
        item => isPair(item) && (isScalar(item.key) ? item.key.value : item.key) === key,
      );
      if (!pair) return offset;
      const keyOffset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value;
      const valueOffset = isNode(node) ? (node.range?.[0] ?? keyOffset) : keyOffset;
      offset = last && atKey ? keyOffset : valueOffset;
    } else {
      const child = (node as { get?(key: unknown, keepScalar: boolean): unknown } | null)?.get?.(key, true);
      if (!isNode(child)) return offset;
      node = child;
      offset = child.range?.[0] ?? offset;
    }
  }
  return offset;
}

export const isNonEmpty = <T>(list: readonly T[]): list is readonly [T, ...T[]] => list.length > 0;
