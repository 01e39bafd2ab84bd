import { checkShape, isNonEmpty, type Path, type YamlSource } from '../../config/index.ts';
import { type Problem, UserError } from '../../core/index.ts';
import { ANNOTATIONS, isAnnotationName, PREFIX } from '../annotations.ts';
import type { ReadResult } from '../format.ts';
import {
  type Kind,
  OTHER_KINDS,
  SCHEMAS,
  type ServiceDocument,
  type SliDocument,
  type SloDocument,
  UNSUPPORTED_FIELDS,
} from './schema.ts';

/** One document whose shape is right, with the places of its values. */
export type OpenSloDocument = (ServiceDocument | SliDocument | SloDocument) & { readonly source: YamlSource };

/** One document, or every problem of it. */
export function readOpenSlo(source: YamlSource): ReadResult<OpenSloDocument> {
  try {
    return { documents: [readDocument(source)], problems: [] };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { documents: [], problems: error.problems };
  }
}

function readDocument(source: YamlSource): OpenSloDocument {
  const kind = kindOf(source);
  const refused = unsupportedFields(kind, source);
  let document: OpenSloDocument | undefined;
  try {
    document = { ...checkShape<ServiceDocument | SliDocument | SloDocument>(SCHEMAS[kind], source), source };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // A field that is refused by name is unknown to the schema as well: told once.
    refused.push(...error.problems.filter(problem => !refused.some(other => samePlace(problem, other))));
  }
  if (document) refused.push(...annotationFaults(document));
  if (isNonEmpty(refused)) throw UserError.ofProblems(refused);
  return document!;
}

const samePlace = ({ position: a }: Problem, { position: b }: Problem) =>
  a?.line === b?.line && a?.column === b?.column;

function kindOf(source: YamlSource): Kind {
  const kind = (source.value as { kind?: unknown } | null)?.kind;
  if (typeof kind === 'string' && Object.hasOwn(SCHEMAS, kind)) return kind as Kind;
  const known = OTHER_KINDS.some(other => other === kind);
  throw UserError.ofProblems([
    source.problemAt(['kind'], {
      code: known ? 'unsupported-kind' : 'unknown-kind',
      message: known
        ? `kind ${kind} of OpenSLO is not carried out`
        : `kind must be one of ${Object.keys(SCHEMAS).join(', ')}`,
      remedy: known
        ? 'remove the document; alerting is chosen with the annotation slo-guard/policy'
        : 'begin each document with apiVersion: openslo/v1 and its kind',
    }),
  ]);
}

function unsupportedFields(kind: Kind, source: YamlSource): Problem[] {
  return UNSUPPORTED_FIELDS[kind].flatMap(([pattern, remedy]) =>
    placesOf(source.value, pattern).map(path =>
      source.problemAtKey(path, {
        code: 'unsupported-field',
        message: `field ${path.join('.')} of OpenSLO is not carried out`,
        remedy,
      }),
    ),
  );
}

/** The paths in `value` that meet a pattern, `*` standing for each item of a list. */
function placesOf(value: unknown, [step, ...rest]: readonly string[], before: Path = []): Path[] {
  if (step === undefined) return [before];
  if (typeof value !== 'object' || value === null) return [];
  if (step === '*')
    return Array.isArray(value) ? value.flatMap((item, i) => placesOf(item, rest, [...before, i])) : [];
  return Object.hasOwn(value, step)
    ? placesOf((value as Record<string, unknown>)[step], rest, [...before, step])
    : [];
}

function annotationFaults({ kind, metadata, source }: OpenSloDocument): Problem[] {
  const ours = Object.entries(metadata.annotations).filter(([name]) => name.startsWith(PREFIX));
  return ours.flatMap(([name, value]) => {
    const path = ['metadata', 'annotations', name];
    if (!isAnnotationName(name) || ANNOTATIONS[name].kind !== kind) {
      const allowed = Object.entries(ANNOTATIONS).filter(([, rule]) => rule.kind === kind);
      return [
        source.problemAtKey(path, {
          code: 'unknown-annotation',
          message: `annotation ${name} is not known on a ${kind}`,
          remedy: `known here: ${allowed.map(([known]) => known).join(', ') || 'none'}`,
        }),
      ];
    }
    if (ANNOTATIONS[name].valid(value)) return [];
    const message = `${name} must be ${ANNOTATIONS[name].expected}`;
    return [source.problemAt(path, { code: 'bad-annotation', message })];
  });
}
