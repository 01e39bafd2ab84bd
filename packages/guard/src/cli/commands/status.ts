import { createSystemClock } from '../../core/index.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { interruptSignal } from '../interrupt.ts';
import type { ConnectionFlags } from '../prometheus/connection.ts';
import { askStatus } from '../status/ask-status.ts';
import { renderStatus } from '../status/render-status.ts';
import { endWithReader, terminalOf } from '../terminal.ts';
import { durationOption } from '../time-option.ts';

export interface StatusFlags extends ConnectionFlags {
  readonly slo: readonly string[];
  readonly since: string;
  readonly json: boolean;
}

const SPARKS = 24;

/** `slo-guard status`: exit code 1 when nothing is recorded. */
export async function status(paths: readonly string[], flags: StatusFlags): Promise<ExitCode> {
  endWithReader(process.stdout);
  const since = durationOption('--since', flags.since);
  const signal = interruptSignal();
  try {
    const request = { paths, wanted: flags.slo, connection: flags, since, points: SPARKS };
    const statuses = await askStatus(request, { clock: createSystemClock(), signal });
    if (flags.json) process.stdout.write(`${JSON.stringify({ slos: statuses }, null, 2)}\n`);
    else if (statuses.length === 0)
      process.stderr.write('no SLO is recorded there: load the rules that `slo-guard generate` writes\n');
    else process.stdout.write(`${renderStatus(statuses, terminalOf(process.stdout, process.env).color)}\n`);
    return statuses.length === 0 ? EXIT.no : EXIT.good;
  } catch (error) {
    if (!signal.aborted) throw error;
    return EXIT.interrupted;
  }
}
