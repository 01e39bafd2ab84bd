import { Command, CommanderError } from 'commander';
import { UserError } from '../core/index.ts';
import { defineCompletion } from './define-completion.ts';
import { defineConvert } from './define-convert.ts';
import { defineExplain } from './define-explain.ts';
import { defineGenerate } from './define-generate.ts';
import { defineInit } from './define-init.ts';
import { defineLint } from './define-lint.ts';
import { definePage } from './define-page.ts';
import { defineQuery } from './define-query.ts';
import { defineSchema } from './define-schema.ts';
import { defineStatus } from './define-status.ts';
import { defineTest } from './define-test.ts';
import { defineTransfer } from './define-transfer.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { collect, wholeNumber } from './option-values.ts';
import { version } from './version.ts';

/** The options of one command, as commander gives them. */
type Options = Record<string, unknown>;

/** Runs `slo-guard` with the given arguments and gives its exit code. */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.good;
  const program = createProgram(code => {
    exitCode = code;
  });
  try {
    await program.parseAsync(argv as string[], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.good : EXIT.wrongUse;
    if (error instanceof UserError) {
      process.stderr.write(`slo-guard: ${error.message}\n`);
      return EXIT.wrongUse;
    }
    throw error;
  }
}

/** The commands are imported when they run: `--help` costs no engine. */
function createProgram(done: (code: ExitCode) => void): Command {
  const program = new Command('slo-guard')
    .description('Service level objectives that prove they page you.')
    .version(version())
    .exitOverride()
    .showHelpAfterError('(slo-guard COMMAND --help tells the options)');

  program
    .command('up')
    .description(
      'start the whole stack: services, metrics, rules, alert routing, traces, console, webhook receiver',
    )
    .option('--traffic <rps>', 'send steady load to service_a, requests per second', Number)
    .option('--data-dir <dir>', 'where samples, alerts, spans and logs are kept', '.slo-guard')
    .option('--fresh', 'wipe the data directory first', false)
    .option('--port <name=port>', 'move a port, e.g. service_a=18001; repeatable', collect, [])
    .option('--no-services', 'start the guard and the receiver without the demo services')
    .option('--stack <file>', 'the description of the stack', 'stack.yaml')
    .action(async (options: Options) => done(await (await import('./commands/up.ts')).up(options as never)));

  const serve = program
    .command('serve')
    .description('run the guard alone: metrics store, rules, alert routing, traces, console')
    .requiredOption('--prometheus-config <file>', 'scrape and rule configuration, a prometheus.yml')
    .requiredOption('--alertmanager-config <file>', 'alert routing, an alertmanager.yml')
    .option('--data-dir <dir>', 'where samples, alerts and spans are kept', '.slo-guard')
    .option('--slos <dir>', 'run the rules of the SLO files there too; watched')
    .option('--listen <address>', 'the address that every surface binds to', '127.0.0.1')
    .option('--allowed-hosts <names>', 'Host headers accepted besides the loopback, separated by commas', '')
    .option(
      '--also-route-embedded',
      'hand alerts to the embedded router too where `alerting:` lists others',
      false,
    )
    .option('--storage.tsdb.retention.time <duration>', 'how long samples are kept', '31d')
    .option(
      '--storage.tsdb.retention.size <size>',
      'how large the sample store may get, in B, KB, MB, GB, TB, PB or EB, e.g. 512MB; 0 is no limit',
      '0',
    )
    .option('--query.lookback-delta <duration>', 'how old the newest sample of a series may be', '5m')
    .option('--query.timeout <duration>', 'how long a query may take', '2m')
    .option('--query.max-samples <n>', 'samples that one query may hold', wholeNumber, 50_000_000)
    .option('--rules.alert.resend-delay <duration>', 'least time between two sends of a firing alert', '1m')
    .option(
      '--rules.alert.for-grace-period <duration>',
      'least time between restart and firing for restored alerts',
      '10m',
    )
    .option(
      '--rules.alert.for-outage-tolerance <duration>',
      'longest outage after which alert state is restored',
      '1h',
    )
    .option(
      '--enable-feature <names>',
      "features by Prometheus's names, with commas between them, e.g. created-timestamp-zero-ingestion; repeatable",
      collect,
      [],
    )
    .option('--web.enable-admin-api', 'delete samples and take snapshots at /api/v1/admin/tsdb', false)
    .option(
      '--alertmanager.notification-queue-capacity <n>',
      'alerts that wait for one Alertmanager at most',
      wholeNumber,
      10_000,
    )
    .option(
      '--alertmanager.notification-batch-size <n>',
      'alerts of one request to an Alertmanager at most',
      wholeNumber,
      256,
    )
    .option(
      '--alertmanager.drain-notification-queue-on-shutdown',
      'send what waits for Alertmanagers when the guard ends',
      true,
    )
    .option('--no-alertmanager.drain-notification-queue-on-shutdown', 'drop it')
    .option(
      '--silences.max-silences <n>',
      'silences that the embedded router keeps at most, expired ones included; 0 or less is no limit',
      wholeNumber,
      10_000,
    )
    .option(
      '--silences.max-silence-size-bytes <n>',
      'size of one silence at most, as JSON; 0 or less is no limit',
      wholeNumber,
      65_536,
    )
    .option('--web.enable-lifecycle', 'reload and shut down on request: POST /-/reload and /-/quit', false)
    .option('--web.enable-remote-write-receiver', 'take remote write at /api/v1/write', false)
    .option(
      '--web.remote-write-receiver.accepted-protobuf-messages <name>',
      'the messages taken there, prometheus.WriteRequest or io.prometheus.write.v2.Request; repeatable (default: both)',
      collect,
      [],
    )
    .option('--web.enable-otlp-receiver', 'take OTLP metrics at /api/v1/otlp/v1/metrics', false)
    .option('--web.external-url <url>', 'the address under which people reach the metrics surface')
    .option(
      '--web.route-prefix <path>',
      'the path that the metrics surface lies under (default: that of --web.external-url)',
    )
    .option(
      '--web.cors.origin <regexp>',
      'origins whose pages may ask the metrics API, e.g. https://.+\\.example (default: none)',
    )
    .option('--receiver-url <url>', 'where the webhook receiver shows its page; linked from the console')
    .option('--service-a-url <url>', 'the gateway of the demo; linked from the console')
    .option('--service-b-url <url>', 'the backend of the demo; linked from the console')
    .option('--log-level <level>', 'debug, info, warn or error', 'info');
  for (const [surface, port] of SURFACES) {
    serve.option(`--${surface}-port <port>`, '0 for any free one, off for none', String(port));
  }
  serve.action(async (options: Options) =>
    done(await (await import('./commands/serve.ts')).serve(options as never)),
  );

  defineGenerate(program, done);

  const drill = program
    .command('drill')
    .description('break the service on purpose and prove that the page arrives, with times')
    .argument('<files...>', 'drill files')
    .option(
      '--fresh-stack',
      'start a stack of its own for each drill: own ports, own data, removed at the end',
      false,
    )
    .option('--json <file>', 'write the reports as JSON (- for standard output)')
    .option('--junit <file>', 'write the reports as JUnit XML');
  for (const [name, flag] of ENDPOINT_FLAGS) drill.option(`--${flag} <url>`, `where ${name} is`);
  drill.action(async (files: string[], options: Options) =>
    done(await (await import('./commands/drill.ts')).drill(files, options as never)),
  );

  defineInit(program, done);
  defineLint(program, done);
  defineExplain(program, done);
  defineStatus(program, done);
  defineQuery(program, done);
  defineTransfer(program, done);
  defineConvert(program, done);
  defineSchema(program, done);
  defineTest(program, done);
  definePage(program, done);
  defineCompletion(program, done);

  return program;
}

/** The guard's surfaces and their default ports. */
const SURFACES = [
  ['prometheus', 9090],
  ['alertmanager', 9093],
  ['otlp-grpc', 4317],
  ['otlp-http', 4318],
  ['jaeger', 16686],
  ['console', 3000],
] as const;

const ENDPOINT_FLAGS = [
  ['the gateway', 'service-a'],
  ['the backend', 'service-b'],
  ['Prometheus', 'prometheus'],
  ['Alertmanager', 'alertmanager'],
  ['the webhook receiver', 'receiver'],
  ['Jaeger', 'jaeger'],
] as const;
