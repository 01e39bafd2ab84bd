import { z } from 'zod';
import { MAINTENANCE_SCHEMA } from './maintenance/schema.ts';
import { ALERT_POLICY_ENTRY, alertPolicyEntry } from './openslo/alert-schema.ts';
import { SCHEMAS } from './openslo/schema.ts';
import { V1ALPHA_SCHEMAS } from './openslo/v1alpha-schema.ts';
import { SERVICE_LEVEL_OBJECTIVE } from './pyrra/schema.ts';
import { PROMETHEUS_V1, SERVICE_LEVEL_V1 } from './sloth/schema.ts';

/** A JSON Schema, draft 7: what editors' YAML plug-ins read. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A kind of document: the fields that tell it from others, and its shape. */
interface DocumentShape {
  readonly header: Readonly<Record<string, string>>;
  readonly shape: z.ZodType;
}

const kindsOf = (apiVersion: string, shapes: Readonly<Record<string, z.ZodType>>): DocumentShape[] =>
  Object.entries(shapes).map(([kind, shape]) => ({ header: { apiVersion, kind }, shape }));

/** The formats that have a schema, by the names that `slo-guard schema` takes. */
const DOCUMENTS = {
  openslo: kindsOf('openslo/v1', SCHEMAS),
  'openslo-v1alpha': kindsOf('openslo/v1alpha', V1ALPHA_SCHEMAS),
  sloth: [
    { header: { version: 'prometheus/v1' }, shape: PROMETHEUS_V1 },
    ...kindsOf('sloth.slok.dev/v1', { PrometheusServiceLevel: SERVICE_LEVEL_V1 }),
  ],
  pyrra: kindsOf('pyrra.dev/v1alpha1', { ServiceLevelObjective: SERVICE_LEVEL_OBJECTIVE }),
  maintenance: kindsOf('slo-guard/v1', { Maintenance: MAINTENANCE_SCHEMA }),
} as const satisfies Record<string, readonly DocumentShape[]>;

type FormatName = keyof typeof DOCUMENTS;

/** `all` is for files that hold documents of several formats. */
export type SchemaName = FormatName | 'all';

export const SCHEMA_NAMES: readonly SchemaName[] = ['all', ...(Object.keys(DOCUMENTS) as FormatName[])];

/** The JSON Schema of a format as it is read here; what only a reader can tell (references, PromQL) is not in it. */
export function jsonSchemaOf(name: SchemaName): JsonSchema {
  const documents: DocumentShape[] = name === 'all' ? Object.values(DOCUMENTS).flat() : [...DOCUMENTS[name]];
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: name === 'all' ? 'SLO files that slo-guard reads' : `${name}, as slo-guard reads it`,
    // A document may be a list of objects, as OpenSLO's own tools write them.
    if: { type: 'array' },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { items: { $ref: '#/definitions/object' } },
    else: { $ref: '#/definitions/object' },
    definitions: {
      object: objectOf(documents),
      ...Object.fromEntries(documents.map(({ header, shape }) => [definitionName(header), draft7(shape)])),
    },
  };
}

type Header = DocumentShape['header'];

const definitionName = (header: Header) => Object.values(header).join('.').replaceAll('/', '.');

/** The header decides, so that an editor tells what is wrong with the document that is meant. */
const objectOf = (documents: readonly DocumentShape[]): JsonSchema => ({
  type: 'object',
  anyOf: documents.map(({ header }) => isOf(header)),
  allOf: documents.map(({ header }) => ({
    if: isOf(header),
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { $ref: `#/definitions/${definitionName(header)}` },
  })),
});

const isOf = (header: Header): JsonSchema => ({
  required: Object.keys(header),
  properties: Object.fromEntries(Object.entries(header).map(([field, value]) => [field, { const: value }])),
});

function draft7(shape: z.ZodType): JsonSchema {
  const { $schema: _, ...schema } = z.toJSONSchema(shape, {
    target: 'draft-7',
    io: 'input',
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema }) {
      if ((zodSchema as unknown) === alertPolicyEntry)
        Object.assign(jsonSchema, { anyOf: [{ type: 'string' }, draft7(ALERT_POLICY_ENTRY)] });
      // Where a text is read, Go's YAML library takes numbers and truth values too.
      else if (zodSchema._zod.def.type === 'pipe' && jsonSchema.type === 'string')
        Object.assign(jsonSchema, { type: ['string', 'number', 'boolean'] });
    },
  });
  return schema;
}
