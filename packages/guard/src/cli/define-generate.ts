import type { Command } from 'commander';
import { UserError } from '../core/index.ts';
import { addChoice, GENERATE_TARGETS } from './choices.ts';
import { refuseFlagsOfOthers } from './compat-owners.ts';
import { defineCompat } from './define-compat.ts';
import type { ExitCode } from './exit-codes.ts';
import { collect } from './option-values.ts';

/** Adds `slo-guard generate`. */
export function defineGenerate(program: Command, done: (code: ExitCode) => void): void {
  const command = program
    .command('generate')
    .description('write rules, routes, dashboards, runbooks and Kubernetes resources from SLO files')
    .option('-i, --input <path>', 'SLO file or directory (default: slos)')
    .option('-o, --output <dir>', 'where to write (default: deploy)')
    .option('--stack <file>', 'write the whole configuration of the stack that this file describes')
    .option('--check', 'write nothing; exit 1 when files on disk differ', false)
    .option('--diff', 'write nothing; print what would change', false)
    .option('--watch', 'write again whenever a source is saved, until Ctrl-C', false)
    .option('--interval <duration>', 'between evaluations of burn rates and alerts', '30s')
    .option('--runbook-url <url>', "alerts' runbook page, or, ending with /, the folder of `--target docs`")
    .option('--dashboard-url <url>', 'the console; alerts link to its page of their SLO')
    .option('--traces-url <url>', 'a trace search; {service} in it stands for the service')
    .option('--no-tests', 'leave out the unit tests of the rules')
    .option('--page-receiver <name>', 'the Alertmanager receiver of pages')
    .option('--ticket-receiver <name>', 'the Alertmanager receiver of tickets')
    .option(
      '--merge-into <file>',
      'put routes and inhibition into this alertmanager.yml; the rest of it stays',
    )
    .option('--namespace <name>', 'of Kubernetes resources')
    .option(
      '--label <name=value>',
      'on Kubernetes resources, e.g. release=prometheus; repeatable',
      collect,
      [],
    )
    .addHelpText('after', HELP);
  addChoice(command, '--target <target>', 'what to write (default: prometheus)', GENERATE_TARGETS);
  defineCompat(command);
  command.action(async (options: Options) => done(await run(options)));
}

type Options = Readonly<Record<string, unknown>>;

/** Options that only the native flavour has. */
const NATIVE = ['stack', 'target', 'diff', 'watch', 'mergeInto'];

async function run(options: Options): Promise<ExitCode> {
  refuseFlagsOfOthers(options, options.compat as never);
  if (options.compat === undefined)
    return (await import('./commands/generate.ts')).generate(options as never);
  const native = NATIVE.find(name => options[name] !== undefined && options[name] !== false);
  if (native !== undefined) {
    const flag = native.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);
    throw new UserError('bad-option', `--${flag} is not for --compat`);
  }
  const { input = 'slos', output = '-' } = options;
  return (await import('./commands/generate-compat.ts')).generateCompat({
    ...options,
    input,
    output,
  } as never);
}

const HELP = `
Nothing is written when any source is wrong, and every file appears whole or not at all.
Without --input, --output and --target, and where there is a stack.yaml, the whole stack's configuration is written.
Exit codes: 0 good, 1 with --check or --diff when files differ, 2 wrong use, or sources that are wrong.

Examples:
  slo-guard generate -i slos -o out                        rules and their unit tests, for any Prometheus
  slo-guard generate -i slos --target alertmanager --merge-into alertmanager.yml --page-receiver pager
  slo-guard generate -i slos -o k8s --target operator --label release=prometheus
  slo-guard generate -i slos -o out --check                in CI`;
