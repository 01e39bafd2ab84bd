import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../core/index.ts';
import { jsonSchemaOf, SCHEMA_NAMES, type SchemaName } from '../../slo/index.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { endWithReader } from '../terminal.ts';

export interface SchemaFlags {
  readonly output?: string;
}

/** `slo-guard schema`. @throws UserError `bad-option` for a format that has none */
export function schema(format: string, { output }: SchemaFlags): ExitCode {
  endWithReader(process.stdout);
  if (output === undefined) {
    process.stdout.write(schemaText(nameOf(format)));
    return EXIT.good;
  }
  mkdirSync(output, { recursive: true });
  for (const name of SCHEMA_NAMES) {
    const path = join(output, schemaFile(name));
    writeFileSync(path, schemaText(name));
    process.stdout.write(`${path}\n`);
  }
  return EXIT.good;
}

/** `openslo.schema.json` */
export const schemaFile = (name: SchemaName): string => `${name}.schema.json`;

export const schemaText = (name: SchemaName): string => `${JSON.stringify(jsonSchemaOf(name), null, 2)}\n`;

function nameOf(format: string): SchemaName {
  const name = SCHEMA_NAMES.find(known => known === format);
  if (name === undefined)
    throw new UserError('bad-option', `there is no schema of ${JSON.stringify(format)}`, {
      remedy: `there are ${SCHEMA_NAMES.join(', ')}`,
    });
  return name;
}
