import type { Command } from 'commander';
import { addClientOptions } from './connection-options.ts';
import type { ExitCode } from './exit-codes.ts';
import { collect } from './option-values.ts';

/** Adds `slo-guard explain`. */
export function defineExplain(program: Command, done: (code: ExitCode) => void): void {
  const command = program
    .command('explain')
    .description('what an objective and its alerts mean: budget, time to exhaust, to page and to reset')
    .argument('[paths...]', 'SLO files or directories', ['slos'])
    .option('--slo <name>', 'only this one, as service/name or name; repeatable', collect, [])
    .option(
      '--history <duration>',
      'also how soon alerts fire after so little healthy traffic; repeatable',
      collect,
      [],
    )
    .option('--rate <rate>', 'the traffic: 50/s, 3000/m, 10/h')
    .option('--prometheus <url>', 'take the traffic of the last hour from this Prometheus')
    .option('--policy <name-or-file>', 'as if every objective had chosen this alert policy')
    .option('--markdown', 'print Markdown', false)
    .option('--json', 'print JSON; durations in seconds, null for never', false)
    .addHelpText('after', HELP);
  addClientOptions(command).action(async (paths: string[], options: unknown) =>
    done(await (await import('./commands/explain.ts')).explain(paths, options as never)),
  );
}

const HELP = `
Examples:
  slo-guard explain slos --slo service_a/availability --history 30s --history 10m
  slo-guard explain slos --rate 10/h
  slo-guard explain slos --policy google-30d --markdown > slos.md`;
