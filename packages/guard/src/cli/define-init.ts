import type { Command } from 'commander';
import { addClientOptions } from './connection-options.ts';
import type { ExitCode } from './exit-codes.ts';

/** Adds `slo-guard init`. */
export function defineInit(program: Command, done: (code: ExitCode) => void): void {
  const command = program
    .command('init')
    .description('write first SLO files from a live metrics page, or from what a Prometheus has seen')
    .option('--metrics <url>', 'the metrics page of a service')
    .option('--prometheus <url>', 'a Prometheus: a service for each of its jobs')
    .option('--job <name>', 'only this job of the Prometheus')
    .option('--history <duration>', 'how far back to look there', '7d')
    .option('--service <name>', "the service's name; by default its job or what its metrics begin with")
    .option('-o, --output <dir>', 'where to write; - for standard output', 'slos')
    .option('--force', 'overwrite files', false)
    .addHelpText('after', HELP);
  addClientOptions(command).action(async (options: unknown) =>
    done(await (await import('./commands/init.ts')).init(options as never)),
  );
}

const HELP = `
Objectives are what the past would have left half of the budget for, 99.9 % at most: change them to what users need.
Exit codes: 0 written, 1 nothing found to make an objective of, 2 wrong use, no answer, or files that exist.

Examples:
  slo-guard init --metrics http://127.0.0.1:8001/metrics
  slo-guard init --prometheus http://127.0.0.1:9090 --history 30d -o slos`;
