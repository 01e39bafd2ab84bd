import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSystemClock, formatDuration, messageOf, milliseconds, UserError } from '../../core/index.ts';
import { loadSloFiles } from '../../slo/index.ts';
import { counted } from '../counted.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { observeMetrics } from '../init/observe-metrics.ts';
import { observePrometheus } from '../init/observe-prometheus.ts';
import type { Observed } from '../init/observed.ts';
import { servicesOf } from '../init/services.ts';
import { sloFile } from '../init/write-slos.ts';
import { interruptSignal } from '../interrupt.ts';
import { createPrometheusClient } from '../prometheus/client.ts';
import { type ConnectionFlags, connectionOf, secretsOf } from '../prometheus/connection.ts';
import { endWithReader } from '../terminal.ts';
import { durationOption } from '../time-option.ts';

export interface InitFlags extends Omit<ConnectionFlags, 'url'> {
  readonly metrics?: string;
  readonly prometheus?: string;
  readonly output: string;
  readonly service?: string;
  readonly job?: string;
  readonly history: string;
  readonly force: boolean;
}

/** `slo-guard init`: exit code 1 when nothing was found to make an objective of. */
export async function init(flags: InitFlags): Promise<ExitCode> {
  endWithReader(process.stdout);
  const signal = interruptSignal();
  try {
    const observed = await observe(flags, signal);
    const files = filesOf(observed, flags);
    if (files.length === 0) return nothingFound(observed);
    if (flags.output === '-') process.stdout.write(files.map(({ text }) => text).join('---\n'));
    else writeAll(files, flags.force);
    return EXIT.good;
  } catch (error) {
    if (!signal.aborted) throw error;
    return EXIT.interrupted;
  }
}

async function observe(flags: InitFlags, signal: AbortSignal): Promise<Observed> {
  const { metrics, prometheus } = flags;
  if ((metrics === undefined) === (prometheus === undefined))
    throw new UserError('bad-option', 'give either --metrics or --prometheus');
  const history = durationOption('--history', flags.history);
  const [url, flag] = metrics === undefined ? [prometheus!, '--prometheus'] : [metrics, '--metrics'];
  const connection = connectionOf({ ...flags, url }, secretsOf(process.env), flag);
  if (metrics !== undefined) return observeMetrics(connection, signal);
  const client = createPrometheusClient({ connection, signal });
  try {
    return await observePrometheus(client, { now: createSystemClock().now(), history, job: flags.job });
  } finally {
    await client.close();
  }
}

interface Written {
  readonly file: string;
  readonly text: string;
  readonly slos: number;
}

function filesOf(observed: Observed, { output, service }: InitFlags): Written[] {
  const span =
    observed.seconds === undefined
      ? ''
      : `, the last ${formatDuration(milliseconds(observed.seconds * 1000))}`;
  const files = servicesOf(observed, service).map(proposal => ({
    file: join(output, `${proposal.name}.yaml`),
    text: sloFile(proposal, `${observed.from}${span}`),
    slos: proposal.proposals.length,
  }));
  // What is written must be what `lint` and `generate` read.
  if (files.length > 0) loadSloFiles(files);
  return files;
}

function nothingFound({ from, metrics }: Observed): ExitCode {
  process.stderr.write(
    `${from} has ${counted(metrics.length, 'counter')}, none with a label such as status or code, and no histogram of durations\n`,
  );
  return EXIT.no;
}

/** All or none: a file that exists is not overwritten. */
function writeAll(files: readonly Written[], force: boolean): void {
  const existing = files.filter(({ file }) => existsSync(file));
  if (existing.length > 0 && !force)
    throw new UserError('file-exists', `not overwritten: ${existing.map(({ file }) => file).join(', ')}`, {
      remedy: 'give another folder with --output, or --force',
    });
  for (const { file, text, slos } of files) {
    try {
      mkdirSync(join(file, '..'), { recursive: true });
      writeFileSync(file, text);
    } catch (error) {
      throw new UserError('unwritable-file', `${file} cannot be written: ${messageOf(error)}`);
    }
    process.stdout.write(`${file}  ${counted(slos, 'SLO')}\n`);
  }
}
