import type { Command } from 'commander';
import { addChoice, COMPATS } from './choices.ts';
import { collect } from './option-values.ts';

/** Adds `--compat` and the flags of Sloth and Pyrra to `slo-guard generate`. */
export function defineCompat(command: Command): void {
  addChoice(command, '--compat <tool>', 'write the rules that this tool writes, for its own files', COMPATS)
    .optionsGroup('With --compat sloth:')
    .option('--default-slo-period <duration>', 'the period of all SLOs (default: "30d")')
    .option('--slo-period-windows-path <dir>', 'a catalogue of AlertWindows in place of the built-in ones')
    .option('--extra-labels <name=value>', 'a label of every recorded series; repeatable', collect)
    .option('--disable-recordings', 'leave out recording rules')
    .option('--disable-alerts', 'leave out alerts')
    .optionsGroup('With --compat pyrra:')
    .option('--generic-rules', 'also record pyrra_objective, pyrra_availability and the like')
    .option('--operator-rule', 'write PrometheusRule resources of the Prometheus operator')
    .option(
      '--enable-prometheus-3-migration [boolean]',
      'select buckets as Prometheus 2 and 3 name them (default: true)',
    )
    .option('--external-url <url>', "the address of Pyrra's UI, for the annotation pyrra_url")
    .addHelpText('after', HELP);
}

const HELP = `
With --compat, -i is a file or directory of that tool's own files, and -o a file, a directory, or - for standard output
(the default there). What the tool gets wrong is kept; docs/compat.md tells what.

Examples:
  slo-guard generate --compat sloth -i slos -o rules --default-slo-period 28d
  slo-guard generate --compat pyrra -i slo.yaml --generic-rules`;
