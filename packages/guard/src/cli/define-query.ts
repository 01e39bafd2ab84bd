import type { Command } from 'commander';
import { addChoice, FORMATS, UNITS } from './choices.ts';
import { addConnectionOptions } from './connection-options.ts';
import type { ExitCode } from './exit-codes.ts';
import { wholeNumber } from './option-values.ts';

/** Adds `slo-guard query`. */
export function defineQuery(program: Command, done: (code: ExitCode) => void): void {
  const command = program
    .command('query')
    .description('ask a Prometheus: an instant as a table, a range as a plot')
    .argument('[expr]', 'a PromQL expression; with --series or --labels a selector')
    .option('--time <time>', 'the instant; now by default')
    .option('--since <duration>', 'ask for the range of this length up to --end')
    .option('--start <time>', 'the beginning of the range')
    .option('--end <time>', 'the end of the range; now by default')
    .option('--step <duration>', 'between the points of the range; by default as many as the plot can show')
    .option('--series', 'list the series that the selector matches')
    .option('--labels [name]', "list the values of a label, or all labels' names")
    .option('--json', "print the API's answer as it came")
    .option('--width <columns>', "of the plot; the terminal's by default", wholeNumber)
    .option('--height <rows>', 'of the area between the axes of the plot', wholeNumber)
    .option('--watch [interval]', 'ask again every 5s, or every interval, until Ctrl-C')
    .option('--fail-empty', 'exit with code 1 when the result is empty')
    .addHelpText('after', HELP);
  addChoice(command, '--format <format>', 'of the result; a table by default, a plot for a range', FORMATS);
  addChoice(command, '--unit <unit>', 'of the values in a plot; percent is for ratios', UNITS, 'none');
  addConnectionOptions(command).action(async (expr: string | undefined, options: unknown) =>
    done(await (await import('./commands/query.ts')).query(expr, options as never)),
  );
}

const HELP = `
Times are now, now-1h, -1h, 2026-07-01, 2026-07-01T10:00:00Z or Unix seconds; without a zone they are in the
machine's, in which times are shown too (TZ=UTC changes it).
Exit codes: 0 answered, 1 nothing found with --fail-empty, 2 bad input or no answer.

Examples:
  slo-guard query 'up'
  slo-guard query 'sum by (status) (rate(service_a_requests_total[5m]))' --since 1h
  slo-guard query 'slo:error_budget_remaining:ratio' --since 30d --unit percent
  slo-guard query --labels job
  slo-guard query --series '{job="demo"}' --json`;
