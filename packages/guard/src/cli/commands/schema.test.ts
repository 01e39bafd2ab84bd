import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { jsonSchemaOf, SCHEMA_NAMES } from '../../slo/index.ts';
import { schemaFile, schemaText } from './schema.ts';

const ROOT = join(import.meta.dirname, '../../../../..');
const SLO = join(import.meta.dirname, '../../slo');

test.each(SCHEMA_NAMES)(
  'schemas/%s.schema.json is as generated (npx slo-guard schema --output schemas)',
  name => {
    expect(readFileSync(join(ROOT, 'schemas', schemaFile(name)), 'utf8')).toBe(schemaText(name));
  },
);

describe('the schema of all formats', () => {
  const isValid = new Ajv({ strict: false }).compile(jsonSchemaOf('all'));
  const documentsOf = (path: string) =>
    parseAllDocuments(readFileSync(path, 'utf8'), { merge: true }).map(
      document => document.toJS() as unknown,
    );

  const golden = join(SLO, 'openslo/golden');
  const files = [
    ...readdirSync(golden)
      .filter(file => !file.endsWith('.model.yaml'))
      .map(file => join(golden, file)),
    ...readdirSync(join(ROOT, 'slos')).map(file => join(ROOT, 'slos', file)),
  ];
  test.each(files)('takes every document of %s', path => {
    for (const document of documentsOf(path)) {
      isValid(document);
      expect(isValid.errors ?? []).toEqual([]);
    }
  });

  // What a shape can tell; references and PromQL are the reader's.
  test.each([
    'metadata-missing',
    'metadata-unknown-field',
    'spec-unknown-field',
    'target-0',
    'target-percent-101',
    'method-unknown',
    'objectives-empty',
    'alert-op',
    'format-openslo-v2',
    'kind-unknown',
    'v1alpha-unit',
    'maintenance-without-windows',
  ])('refuses the bad file %s', name => {
    const documents = documentsOf(join(SLO, `corpus/bad/${name}.yaml`));
    expect(documents.map(document => isValid(document))).toContain(false);
  });
});
