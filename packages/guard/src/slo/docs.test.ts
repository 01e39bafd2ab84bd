import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ANNOTATION_NAMES } from './annotations.ts';
import { jsonSchemaOf } from './json-schema.ts';
import { loadSloFiles } from './load.ts';

const DOC = readFileSync(join(import.meta.dirname, '../../../../docs/slo-format.md'), 'utf8');
const BAD = join(import.meta.dirname, 'corpus/bad');

const examples = [...DOC.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, text]) => text!);

describe('docs/slo-format.md', () => {
  test('has examples', () => expect(examples.length).toBeGreaterThanOrEqual(5));

  test.each(examples)('has an example that reads: #%#', text => {
    const { slos, warnings } = loadSloFiles([{ file: 'example.yaml', text }]);
    expect(slos.length).toBeGreaterThan(0);
    expect(warnings).toEqual([]);
  });

  test('names every annotation', () => {
    expect(ANNOTATION_NAMES.filter(name => !DOC.includes(`\`${name}\``))).toEqual([]);
  });

  test('names every code for which a file of the bad corpus is refused', () => {
    const codes = readdirSync(BAD).flatMap(file =>
      [...readFileSync(join(BAD, file), 'utf8').matchAll(/^# expects \S+ (\S+)$/gm)].map(([, code]) => code!),
    );
    expect([...new Set(codes)].filter(code => !DOC.includes(`\`${code}\``))).toEqual([]);
  });

  test.each(['openslo', 'openslo-v1alpha'] as const)('says what becomes of every field of %s', name => {
    const fields = new Set(propertiesOf(jsonSchemaOf(name).definitions));
    const unnamed = [...fields].filter(field => !new RegExp(`[\`.]${field}\\b`).test(DOC));
    expect(unnamed.filter(field => !STRUCTURE.has(field))).toEqual([]);
  });
});

/** What holds the fields, and is none itself. */
const STRUCTURE = new Set(['spec', 'metadata']);

/** The names of all properties within a JSON Schema. */
function propertiesOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) =>
    key === 'properties' && typeof value === 'object' && value !== null
      ? [...Object.keys(value), ...Object.values(value).flatMap(propertiesOf)]
      : propertiesOf(value),
  );
}
