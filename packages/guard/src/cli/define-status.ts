import type { Command } from 'commander';
import { addConnectionOptions } from './connection-options.ts';
import type { ExitCode } from './exit-codes.ts';
import { collect } from './option-values.ts';

/** Adds `slo-guard status` and `slo-guard gate`, which read the same series. */
export function defineStatus(program: Command, done: (code: ExitCode) => void): void {
  const status = program
    .command('status')
    .description('budgets, burn rates, coverage and active alerts now, from any Prometheus')
    .argument('[paths...]', 'SLO files or directories: only these, and those without data too')
    .option('--slo <name>', 'only this one, as service/name or name; repeatable', collect, [])
    .option('--since <duration>', 'how far the line of the budget goes back', '24h')
    .option('--json', 'print JSON; null where there are no data', false)
    .addHelpText('after', STATUS_HELP);
  addConnectionOptions(status).action(async (paths: string[], options: unknown) =>
    done(await (await import('./commands/status.ts')).status(paths, options as never)),
  );

  const gate = program
    .command('gate')
    .description('exit with code 1 when a budget is too low to deploy, burns, or has no data')
    .argument('[paths...]', 'SLO files or directories: only these, and those without data too')
    .option('--slo <name>', 'only this one, as service/name or name; repeatable', collect, [])
    .option('--min-budget <share>', 'at least so much must be left, such as 10%; by default anything', '0')
    .option('--max-burn <rate>', 'the burn rate over --burn-window must not be above this')
    .option('--burn-window <duration>', 'one of the windows of the alert policy', '1h')
    .option('--min-coverage <duration>', 'the budget must have seen at least this long')
    .option('--ignore-alerts', 'let pass while a page fires', false)
    .option('--json', 'print JSON', false)
    .option('--junit <file>', 'write JUnit XML (- for standard output)')
    .option('--github', 'print annotations for GitHub Actions too', false)
    .addHelpText('after', GATE_HELP);
  addConnectionOptions(gate).action(async (paths: string[], options: unknown) =>
    done(await (await import('./commands/gate.ts')).gate(paths, options as never)),
  );
}

const STATUS_HELP = `
Reads the series that the rules of \`slo-guard generate\` record.
Exit codes: 0 answered, 1 nothing is recorded, 2 wrong use or no answer.

Examples:
  slo-guard status
  slo-guard status slos --url http://prometheus:9090 --since 7d`;

const GATE_HELP = `
Exit codes: 0 every budget allows it, 1 one does not (no data never does), 2 wrong use or no answer.

Examples:
  slo-guard gate --min-budget 10% --max-burn 2
  slo-guard gate slos --slo service_a/availability --junit gate.xml --github`;
