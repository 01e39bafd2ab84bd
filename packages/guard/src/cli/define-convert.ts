import type { Command } from 'commander';
import type { ExitCode } from './exit-codes.ts';

/** Adds `slo-guard convert`. */
export function defineConvert(program: Command, done: (code: ExitCode) => void): void {
  program
    .command('convert')
    .description('SLO files of any format as OpenSLO v1, with annotations for what OpenSLO lacks')
    .argument('[paths...]', 'SLO files or directories', ['slos'])
    .option('-o, --output <file>', 'write into this file; `-` prints', '-')
    .action(async (paths: string[], options: unknown) =>
      done(await (await import('./commands/convert.ts')).convert(paths, options as never)),
    );
}
