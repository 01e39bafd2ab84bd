import type { Command } from 'commander';
import { addChoice, COMPATS } from './choices.ts';
import { addClientOptions } from './connection-options.ts';
import type { ExitCode } from './exit-codes.ts';
import { collect } from './option-values.ts';

/** Adds `slo-guard lint`. */
export function defineLint(program: Command, done: (code: ExitCode) => void): void {
  const command = program
    .command('lint')
    .description('check SLO files, and with --prometheus whether they fit the live series')
    .argument('[paths...]', 'SLO files or directories', ['slos'])
    .option('--prometheus <url>', 'ask this Prometheus about the series, the traffic and the retention')
    .option('--alertmanager-config <file>', 'check that alerts reach a receiver of this alertmanager.yml')
    .option(
      '--policy <file>',
      "an alert policy of one's own, which SLO files may name; repeatable",
      collect,
      [],
    )
    .option('--scrape-interval <duration>', 'between samples; by default what --prometheus shows, else 1m')
    .option('--retention <duration>', 'how long samples are kept; by default what --prometheus tells')
    .option('--strict', 'exit with code 1 for warnings too', false)
    .option('--json', 'print the report as JSON', false)
    .option('--github', 'print annotations for GitHub Actions', false)
    .addHelpText('after', HELP);
  addChoice(command, '--compat <tool>', 'check for what `generate --compat` writes', COMPATS);
  addClientOptions(command).action(async (paths: string[], options: unknown) =>
    done(await (await import('./commands/lint.ts')).lint(paths, options as never)),
  );
}

const HELP = `
Each finding has a code, explained in docs/lint/<code>.md.
Exit codes: 0 no errors, 1 errors, 2 wrong use, or files that cannot be read.

Examples:
  slo-guard lint slos
  slo-guard lint slos --prometheus http://127.0.0.1:9090 --alertmanager-config alertmanager.yml
  slo-guard lint slos --github --strict`;
