import type { Command } from 'commander';
import type { ExitCode } from './exit-codes.ts';

/** Adds `slo-guard schema`. */
export function defineSchema(program: Command, done: (code: ExitCode) => void): void {
  program
    .command('schema')
    .description('the JSON Schema of SLO files, for editors that complete and check YAML')
    .argument('[format]', 'all, openslo, openslo-v1alpha, sloth, pyrra or maintenance', 'all')
    .option('-o, --output <dir>', 'write the schema of every format into this directory instead')
    .addHelpText('after', HELP)
    .action(async (format: string, options: unknown) =>
      done(await (await import('./commands/schema.ts')).schema(format, options as never)),
    );
}

const HELP = `
Examples:
  slo-guard schema openslo > openslo.schema.json
  slo-guard schema --output schemas
An editor with yaml-language-server reads it from the first line of a file:
  # yaml-language-server: $schema=openslo.schema.json`;
