import type { Command } from 'commander';
import { addConnectionOptions } from './connection-options.ts';
import type { ExitCode } from './exit-codes.ts';
import { collect } from './option-values.ts';

/** Adds `slo-guard export`. */
export function defineTransfer(program: Command, done: (code: ExitCode) => void): void {
  const command = program
    .command('export')
    .description('write samples as OpenMetrics with timestamps, from any Prometheus or from a data directory')
    .option(
      '--match <selector>',
      'series to write, e.g. up or {job="demo"}; repeatable; all by default',
      collect,
    )
    .option('--since <duration>', 'only samples of this time up to --end')
    .option('--start <time>', 'only samples from here on')
    .option('--end <time>', 'only samples up to here; now by default')
    .option('-o, --output <file>', 'compressed when it ends with .gz; standard output by default')
    .option('--data-dir <dir>', 'read the store of a guard that does not run, instead of asking --url')
    .option('--stale-markers <how>', 'omit or nan, see below; a Prometheus does not give them', 'omit')
    .addHelpText('after', EXPORT_HELP);
  addConnectionOptions(command).action(async (options: unknown) =>
    done(await (await import('./commands/export.ts')).exportSamples(options as never)),
  );
}

const EXPORT_HELP = `
The text is what \`promtool tsdb dump-openmetrics\` gives, and goes into \`slo-guard import\` and
\`promtool tsdb create-blocks-from openmetrics\`. A Prometheus adds TYPE, UNIT and HELP where it knows them.
Staleness markers, which say that a series has ended, have no text form: omit leaves them out, so that after an import
a series is seen for five minutes longer; nan writes NaN as promtool does, and every rate over one is then NaN.

Examples:
  slo-guard export --since 30d -o backup.om.gz
  slo-guard export --url http://prometheus:9090 --match 'http_requests_total{job="shop"}' --start 2026-07-01
  slo-guard export --data-dir .slo-guard -o everything.om.gz`;
