import { isNonEmpty, type Path, readYaml, type YamlSource } from '../config/index.ts';
import { caretExcerpt, compareStrings, type Position, type Problem, UserError } from '../core/index.ts';
import type { ReadyFormat } from './format.ts';
import { FORMATS } from './formats.ts';
import type { Slo, SloModel } from './model.ts';
import { itemsOf } from './placed-source.ts';
import type { Policy } from './policies/policy.ts';
import { createPolicyBook, extendPolicyBook, type PolicyBook } from './policies/policy-book.ts';
import { isPolicyDocument, policyIn } from './policies/policy-file.ts';

export interface SloFile {
  /** As errors name it. */
  readonly file: string;
  readonly text: string;
}

export interface LoadOptions {
  /** Those that documents may name; the built-in ones by default. */
  readonly policies?: PolicyBook;
}

/**
 * Reads SLO files, each document in whichever format it is (see `FORMATS`), into one model. References are looked up
 * among all files.
 *
 * @throws UserError with every problem of every file, each with its place; nothing is read in part
 */
export function loadSloFiles(
  files: readonly SloFile[],
  { policies: given = createPolicyBook() }: LoadOptions = {},
): SloModel {
  const { byFormat, own, problems: unread } = sortOut(files);
  const policies = extendPolicyBook(given, own);
  const read = FORMATS.map(format => format.readAll(byFormat.get(format)!));
  const complete = unread.length === 0 && read.every(({ problems }) => problems.length === 0);
  const resolved = read.map(({ resolve }) => resolve({ complete, policies }));
  const found = [...read, ...resolved].flatMap(result => result.problems);
  const whole = complete && found.length === 0;
  const problems = [...unread, ...found];
  let slos = resolved.flatMap(result => result.slos);
  problems.push(...duplicates(slos, files));
  for (const { amend } of read) {
    const amended = amend(slos, { complete: whole, policies });
    slos = [...amended.slos];
    problems.push(...amended.problems);
  }
  const ordered = inOrderOf(files, problems);
  if (isNonEmpty(ordered)) throw UserError.ofProblems(ordered);
  slos.sort((a, b) => compareStrings(a.service, b.service) || compareStrings(a.name, b.name));
  return { slos, warnings: resolved.flatMap(({ warnings }) => warnings) };
}

/** The documents of each format, in the order of the files, and the policies beside them. */
function sortOut(files: readonly SloFile[]) {
  const byFormat = new Map(FORMATS.map((format): [ReadyFormat, YamlSource[]] => [format, []]));
  const problems: Problem[] = [];
  const own: Policy[] = [];
  for (const { file, text } of files) {
    const { sources, problems: found } = parse(file, text);
    problems.push(...found);
    for (const source of sources) {
      if (isPolicyDocument(source.value)) {
        const policy = orProblems(() => policyIn(source), problems);
        if (policy) own.push(policy);
        continue;
      }
      const format = formatOf(source);
      if (format) byFormat.get(format)!.push(source);
      else problems.push(unknownFormat(source));
    }
  }
  return { byFormat, own, problems };
}

function orProblems<T>(read: () => T, problems: Problem[]): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}

/** The field of OpenSLO's DataSource that may hold any secret. */
const SECRETS = 'connectionDetails';

function parse(file: string, text: string): { sources: YamlSource[]; problems: readonly Problem[] } {
  try {
    const options = text.includes(SECRETS) ? { isSecret: (path: Path) => path.includes(SECRETS) } : {};
    return { sources: readYaml(file, text, options).flatMap(itemsOf), problems: [] };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { sources: [], problems: error.problems };
  }
}

function formatOf({ value }: YamlSource): ReadyFormat | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return FORMATS.find(format => format.recognises(value as Record<string, unknown>));
}

function unknownFormat(source: YamlSource): Problem {
  const { value } = source;
  const remedy = `begin it with one of ${FORMATS.map(({ header }) => header).join('; ')}`;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return source.problemAt([], { code: 'unknown-format', message: 'not a document of an SLO', remedy });
  const { apiVersion, version, kind } = value as Record<string, unknown>;
  const said = [
    ...Object.entries({ apiVersion, version, kind }).filter(([, given]) => typeof given === 'string'),
  ].map(([field, given]) => `${field}: ${given}`);
  const message = `${said.length > 0 ? said.join(', ') : 'a document without apiVersion'} is not a format that is read`;
  const field = ['apiVersion', 'version'].find(name => Object.hasOwn(value, name));
  return source.problemAt(field ? [field] : [], { code: 'unknown-format', message, remedy });
}

function duplicates(slos: readonly Slo[], files: readonly SloFile[]): Problem[] {
  const seen = new Map<string, Slo>();
  return slos.flatMap(slo => {
    const { service, name, source: position } = slo;
    const key = JSON.stringify([service, name]);
    const first = seen.get(key);
    if (!first) seen.set(key, slo);
    if (!first) return [];
    const message = `${service} has another SLO named ${name}, at ${first.source.file}:${first.source.line}`;
    const excerpt = excerptAt(position, files);
    return [{ code: 'duplicate-slo', message, position, excerpt, remedy: 'rename one of them' }];
  });
}

function excerptAt({ file, line, column }: Position, files: readonly SloFile[]): string {
  const lines = files.find(given => given.file === file)!.text.split('\n');
  return caretExcerpt(lines[line - 1]!, column - 1);
}

/** By file as they were given, then by place. */
function inOrderOf(files: readonly SloFile[], problems: readonly Problem[]): Problem[] {
  const rank = new Map(files.map(({ file }, i) => [file, i]));
  const fileOf = ({ position }: Problem) => rank.get(position?.file ?? '') ?? -1;
  return [...problems].sort(
    (a, b) =>
      fileOf(a) - fileOf(b) ||
      (a.position?.line ?? 0) - (b.position?.line ?? 0) ||
      (a.position?.column ?? 0) - (b.position?.column ?? 0),
  );
}
