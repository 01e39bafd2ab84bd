import type { Command } from 'commander';
import { addChoice, IMPORT_FORMATS, STALE_MARKERS } from './choices.ts';
import { addConnectionOptions } from './connection-options.ts';
import type { ExitCode } from './exit-codes.ts';
import { collect } from './option-values.ts';

type Done = (code: ExitCode) => void;

/** Adds `slo-guard import` and `slo-guard export`. */
export function defineTransfer(program: Command, done: Done): void {
  defineImport(program, done);
  defineExport(program, done);
}

function defineImport(program: Command, done: Done): void {
  const command = program
    .command('import')
    .description(
      'store samples with timestamps, in a running Prometheus by remote write or in a data directory',
    )
    .argument('<files...>', 'OpenMetrics text, compressed or not; - for standard input')
    .option(
      '--data-dir <dir>',
      'write to the store of a guard that does not run, instead of sending to --url',
    )
    .option(
      '--storage.tsdb.retention.time <duration>',
      'how long the guard of --data-dir keeps samples',
      '31d',
    )
    .option('--skip-refused', 'exit with code 0 although samples were refused')
    .option('--dry-run', 'read everything, write nothing')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', IMPORT_HELP);
  addChoice(
    command,
    '--format <format>',
    'of the files; text is that of Prometheus',
    IMPORT_FORMATS,
    'openmetrics',
  );
  addConnectionOptions(command).action(async (files: string[], options: unknown) =>
    done(await (await import('./commands/import.ts')).importFiles(files, options as never)),
  );
}

function defineExport(program: Command, done: Done): void {
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
    .addHelpText('after', EXPORT_HELP);
  addChoice(
    command,
    '--stale-markers <how>',
    'see below; a Prometheus does not give them',
    STALE_MARKERS,
    'omit',
  );
  addConnectionOptions(command).action(async (options: unknown) =>
    done(await (await import('./commands/export.ts')).exportSamples(options as never)),
  );
}

const IMPORT_HELP = `
Every sample needs its timestamp, and the samples of a series come in order of time, as OpenMetrics asks for. A guard
takes samples within its retention, a Prometheus within its out-of-order window. Samples that are refused are counted
by reason, and the first are named; what was imported stays when an error ends the import, and can be imported again.
Exit codes: 0 all is stored, 1 samples were refused, 2 bad input, 130 interrupted.

Examples:
  slo-guard import backup.om.gz
  slo-guard import --data-dir .slo-guard --storage.tsdb.retention.time 60d january.om february.om
  slo-guard export --url http://old:9090 --since 7d | slo-guard import - --url http://new:9090`;

const EXPORT_HELP = `
The text is what \`promtool tsdb dump-openmetrics\` gives, and goes into \`slo-guard import\` and
\`promtool tsdb create-blocks-from openmetrics\`. A Prometheus adds TYPE, UNIT and HELP where it knows them.
Staleness markers, which say that a series has ended, have no text form: omit leaves them out, so that after an import
a series is seen for five minutes longer; nan writes NaN as promtool does, and every rate over one is then NaN.

Examples:
  slo-guard export --since 30d -o backup.om.gz
  slo-guard export --url http://prometheus:9090 --match 'http_requests_total{job="shop"}' --start 2026-07-01
  slo-guard export --data-dir .slo-guard -o everything.om.gz`;
