import { existsSync } from 'node:fs';
import { createSystemClock, UserError } from '../../core/index.ts';
import type { Target } from '../../generate/index.ts';
import { GENERATE_COMMAND } from '../../generate/index.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { type Plan, planStack, planTarget, textOf } from '../generate/plan.ts';
import { renderPlanDiff } from '../generate/show-diff.ts';
import { watchSources } from '../generate/watch.ts';
import { writeFiles } from '../generate/write-files.ts';
import { interruptSignal } from '../interrupt.ts';
import { terminalOf } from '../terminal.ts';
import { durationOption } from '../time-option.ts';

interface GenerateFlags {
  readonly input?: string;
  readonly output?: string;
  readonly stack?: string;
  readonly target?: Target;
  readonly check: boolean;
  readonly diff: boolean;
  readonly watch: boolean;
  readonly interval: string;
  readonly runbookUrl?: string;
  readonly dashboardUrl?: string;
  readonly tracesUrl?: string;
  readonly tests: boolean;
  readonly pageReceiver?: string;
  readonly ticketReceiver?: string;
  readonly mergeInto?: string;
  readonly namespace?: string;
  readonly label: readonly string[];
}

const DEFAULTS = { input: 'slos', output: 'deploy', stack: 'stack.yaml', target: 'prometheus' } as const;

/** `slo-guard generate`. @throws UserError with everything that is wrong with the sources; nothing is written then */
export async function generate(flags: GenerateFlags): Promise<ExitCode> {
  if (flags.watch && (flags.check || flags.diff))
    throw new UserError('bad-option', '--watch writes, which --check and --diff do not');
  if (flags.watch) return watch(flags);
  const plan = await planOf(flags);
  warn(plan);
  if (flags.diff) return diff(plan);
  if (flags.check) return check(plan);
  write(plan);
  return EXIT.good;
}

async function planOf(flags: GenerateFlags): Promise<Plan> {
  const { input = DEFAULTS.input, output = DEFAULTS.output, stack } = stackOf(flags);
  if (stack !== undefined) return planStack(input, output, stack);
  const { runbookUrl, dashboardUrl, tracesUrl, pageReceiver, ticketReceiver, namespace, mergeInto } = flags;
  if (mergeInto !== undefined && flags.target !== 'alertmanager')
    throw new UserError('bad-option', '--merge-into needs --target alertmanager');
  const interval = durationOption('--interval', flags.interval);
  return planTarget({
    input,
    output,
    target: flags.target ?? DEFAULTS.target,
    mergeInto,
    rules: { interval, runbookUrl, dashboardUrl, tracesUrl },
    options: { pageReceiver, ticketReceiver, namespace, labels: labelsOf(flags), withoutTests: !flags.tests },
  });
}

/** The stack is meant when it is named, or when nothing else is and it is there. */
function stackOf(flags: GenerateFlags): Pick<GenerateFlags, 'input' | 'output' | 'stack'> {
  const { input, output, stack, target, mergeInto } = flags;
  if (stack !== undefined && target !== undefined)
    throw new UserError('bad-option', '--target is for SLO files alone; --stack writes everything');
  const namesNothing = [input, output, target, mergeInto].every(value => value === undefined);
  const isThere = namesNothing && existsSync(DEFAULTS.stack);
  return { ...flags, ...(isThere && stack === undefined && { stack: DEFAULTS.stack }) };
}

function labelsOf({ label }: GenerateFlags): Record<string, string> {
  return Object.fromEntries(
    label.map(text => {
      const [, name, value] = /^([^=]+)=(.*)$/.exec(text) ?? [];
      if (name === undefined || value === undefined)
        throw new UserError('bad-option', `--label ${text} is not NAME=VALUE`);
      return [name, value];
    }),
  );
}

function warn({ warnings, leftovers }: Plan): void {
  const gone = leftovers.map(
    ({ path, sources }) =>
      `${path} was made from ${sources.join(', ')}, gone since: remove it [leftover-file]`,
  );
  for (const line of [...warnings, ...gone]) process.stderr.write(`warning: ${line}\n`);
}

function write({ files }: Plan): void {
  const { changed, unchanged } = writeFiles(files);
  for (const path of changed) process.stdout.write(`${path}\n`);
  if (unchanged > 0) process.stdout.write(`${unchanged} ${unchanged === 1 ? 'file' : 'files'} unchanged\n`);
}

function diff({ files }: Plan): ExitCode {
  const text = renderPlanDiff(files, terminalOf(process.stdout, process.env).color);
  process.stdout.write(text);
  return text === '' ? EXIT.good : EXIT.no;
}

function check({ files, leftovers }: Plan): ExitCode {
  const differing = [...files].filter(([path, text]) => textOf(path) !== text).map(([path]) => path);
  if (differing.length === 0) {
    if (leftovers.length > 0) return EXIT.no;
    process.stdout.write(`${files.size} files are as generated\n`);
    return EXIT.good;
  }
  for (const path of differing) {
    const what = textOf(path) === undefined ? 'does not exist' : 'differs from what its sources give';
    process.stderr.write(`${path} ${what}\n`);
  }
  process.stderr.write(
    `  remedy: run \`${GENERATE_COMMAND}\` with the same options and commit what it writes\n`,
  );
  return EXIT.no;
}

/** Sources that are wrong are told, and what they last gave stays. */
async function watch(flags: GenerateFlags): Promise<ExitCode> {
  const { input = DEFAULTS.input, stack } = stackOf(flags);
  const signal = interruptSignal();
  const run = async () => {
    try {
      const plan = await planOf(flags);
      warn(plan);
      write(plan);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      process.stderr.write(`slo-guard: ${error.message}\n`);
    }
  };
  const sources = [input, ...(stack === undefined ? [] : [stack])];
  await watchSources(sources, { clock: createSystemClock(), signal, onChange: run });
  return EXIT.good;
}
