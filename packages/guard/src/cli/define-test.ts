import type { Command } from 'commander';
import type { ExitCode } from './exit-codes.ts';
import { collect } from './option-values.ts';

/** Adds `slo-guard test`. */
export function defineTest(program: Command, done: (code: ExitCode) => void): void {
  program
    .command('test')
    .description('run unit tests of rules: the files of `promtool test rules`, unchanged')
    .argument('<files...>', 'test files')
    .option('--run <regexp>', 'only groups of tests whose names match; repeatable', collect, [])
    .option('--diff', 'print what differs rather than both sides', false)
    .option('--debug', 'print how long each group took and what the store holds at its end', false)
    .option('--ignore-unknown-fields', 'pass over keys of rule files that the grammar does not know', false)
    .option('--junit <file>', 'write the results as JUnit XML (- for standard output)')
    .addHelpText('after', HELP)
    .action(async (files: string[], options: unknown) =>
      done(await (await import('./commands/test.ts')).test(files, options as never)),
    );
}

const HELP = `
The rules run on the engine, store and rule evaluation of \`serve\`, on a clock of their own; windows of any length.
Exit codes: 0 all passed, 1 a test failed or a file is wrong, 2 wrong use.`;
