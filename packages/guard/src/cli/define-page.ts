import type { Command } from 'commander';
import type { ExitCode } from './exit-codes.ts';
import { collect } from './option-values.ts';

/** Adds `slo-guard page`. */
export function definePage(program: Command, done: (code: ExitCode) => void): void {
  program
    .command('page')
    .description('send a marked test page through the real route, and say whether it arrived')
    .option('--alertmanager <url>', 'the alert router, ours or a real Alertmanager', 'http://127.0.0.1:9093')
    .option('--label <name=value>', 'a label of the alert, which decides its route; repeatable', collect, [])
    .option('--severity <severity>', 'its label severity', 'page')
    .option('--receiver <name>', 'the receiver that must get it')
    .option('--timeout <duration>', 'how long to wait for it', '2m')
    .option('--json', 'print the result as JSON', false)
    .addHelpText('after', HELP)
    .action(async (options: unknown) =>
      done(await (await import('./commands/page.ts')).page(options as never)),
    );
}

const HELP = `
The alert carries the label slo_guard_test and says in its annotations that it is a test. It is resolved at the end and on
Ctrl-C. A real Alertmanager tells of arrivals by its counters alone, which other alerts' notifications move too; unless it
runs with --enable-feature=receiver-name-in-metrics they count all receivers of a kind together, and where several could
have been told, this says that it cannot be told.
Exit codes: 0 it arrived, 1 it did not or cannot be told, 2 wrong use.`;
