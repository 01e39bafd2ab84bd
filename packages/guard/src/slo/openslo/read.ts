import { checkShape, isNonEmpty, type Path, type YamlSource } from '../../config/index.ts';
import { type Problem, UserError } from '../../core/index.ts';
import { annotationFault } from '../annotations.ts';
import type { ReadResult } from '../format.ts';
import type { Metadata } from './fields.ts';
import { type DocumentFields, type Kind, SCHEMAS } from './schema.ts';
import { readV1Alpha } from './v1alpha.ts';

export type DocumentOf<K extends Kind> = DocumentFields<K> & {
  readonly kind: K;
  readonly source: YamlSource;
};

/** One document whose shape is right, with the places of its values; of whichever version, in the shape of v1. */
export type OpenSloDocument = { [K in Kind]: DocumentOf<K> }[Kind];

/** One document, or every problem of it. */
export function readOpenSlo(source: YamlSource): ReadResult<OpenSloDocument> {
  try {
    const document = isV1Alpha(source) ? readV1Alpha(source) : readV1(source);
    const faults = annotationFaults(document);
    if (isNonEmpty(faults)) throw UserError.ofProblems(faults);
    return { documents: [document], problems: [] };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { documents: [], problems: error.problems };
  }
}

const isV1Alpha = ({ value }: YamlSource) =>
  (value as { apiVersion?: unknown }).apiVersion === 'openslo/v1alpha';

function readV1(source: YamlSource): OpenSloDocument {
  const { kind } = source.value as { kind?: unknown };
  if (typeof kind !== 'string' || !Object.hasOwn(SCHEMAS, kind)) throw unknownKind(source);
  return { ...checkShape<DocumentFields<Kind>>(SCHEMAS[kind as Kind], source), source } as OpenSloDocument;
}

const unknownKind = (source: YamlSource) =>
  UserError.ofProblems([
    source.problemAt(['kind'], {
      code: 'unknown-kind',
      message: `kind must be one of ${Object.keys(SCHEMAS).join(', ')}`,
    }),
  ]);

function annotationFaults(document: OpenSloDocument): Problem[] {
  return annotated(document).flatMap(({ kind, metadata, path }) =>
    Object.entries(metadata.annotations).flatMap(([name, value]) => {
      const fault = annotationFault(kind, name, value);
      if (!fault) return [];
      const place = [...path, 'annotations', name];
      const { source } = document;
      return [
        fault.code === 'bad-annotation' ? source.problemAt(place, fault) : source.problemAtKey(place, fault),
      ];
    }),
  );
}

interface Annotated {
  readonly kind: Kind;
  readonly metadata: Metadata;
  readonly path: Path;
}

/** Every metadata of a document: its own, and those of what is inlined. */
function annotated(document: OpenSloDocument): Annotated[] {
  const own: Annotated = { kind: document.kind, metadata: document.metadata, path: ['metadata'] };
  switch (document.kind) {
    case 'SLO':
      return [own, ...inSlo(document)];
    case 'AlertPolicy':
      return [own, ...inPolicy(document.spec, ['spec'])];
    default:
      return [own];
  }
}

function inSlo({ spec }: DocumentOf<'SLO'>): Annotated[] {
  const objectives = spec.objectives.map(
    ({ indicator }, i) => [indicator, ['spec', 'objectives', i, 'indicator']] as const,
  );
  return [
    ...[[spec.indicator, ['spec', 'indicator']] as const, ...objectives].flatMap(([indicator, path]) =>
      inlined('SLI', indicator?.metadata, path),
    ),
    ...(spec.alertPolicies ?? []).flatMap((policy, i) => {
      const path = ['spec', 'alertPolicies', i];
      return [
        ...inlined('AlertPolicy', policy.metadata, path),
        ...(policy.spec ? inPolicy(policy.spec, [...path, 'spec']) : []),
      ];
    }),
  ];
}

const inPolicy = (spec: DocumentFields<'AlertPolicy'>['spec'], path: Path): Annotated[] => [
  ...spec.conditions.flatMap(({ metadata }, i) =>
    inlined('AlertCondition', metadata, [...path, 'conditions', i]),
  ),
  ...spec.notificationTargets.flatMap(({ metadata }, i) =>
    inlined('AlertNotificationTarget', metadata, [...path, 'notificationTargets', i]),
  ),
];

const inlined = (kind: Kind, metadata: Metadata | undefined, path: Path): Annotated[] =>
  metadata ? [{ kind, metadata, path: [...path, 'metadata'] }] : [];
