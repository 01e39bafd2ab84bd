import { writeFileSync } from 'node:fs';
import { createSystemClock, type Milliseconds, messageOf, UserError } from '../../core/index.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { interruptSignal } from '../interrupt.ts';
import type { ConnectionFlags } from '../prometheus/connection.ts';
import { askStatus } from '../status/ask-status.ts';
import { type GateLimits, type GateVerdict, judgeGate } from '../status/gate.ts';
import { renderGate, renderGateAnnotations, renderGateJunit } from '../status/render-gate.ts';
import { endWithReader, terminalOf } from '../terminal.ts';
import { durationOption } from '../time-option.ts';

export interface GateFlags extends ConnectionFlags {
  readonly slo: readonly string[];
  readonly minBudget: string;
  readonly maxBurn?: string;
  readonly burnWindow: string;
  readonly minCoverage?: string;
  readonly ignoreAlerts: boolean;
  readonly json: boolean;
  readonly github: boolean;
  readonly junit?: string;
}

/** `slo-guard gate`: exit code 1 when any objective refuses, or nothing is recorded. */
export async function gate(paths: readonly string[], flags: GateFlags): Promise<ExitCode> {
  endWithReader(process.stdout);
  if (flags.json && flags.github) throw new UserError('bad-option', 'give either --json or --github');
  const limits = limitsOf(flags);
  const clock = createSystemClock();
  const signal = interruptSignal();
  try {
    const request = { paths, wanted: flags.slo, connection: flags, since: limits.burnWindow, points: 0 };
    const verdicts = judgeGate(await askStatus(request, { clock, signal }), limits);
    const passed = verdicts.length > 0 && verdicts.every(({ reasons }) => reasons.length === 0);
    print(verdicts, passed, flags, clock.now());
    return passed ? EXIT.good : EXIT.no;
  } catch (error) {
    if (!signal.aborted) throw error;
    return EXIT.interrupted;
  }
}

function print(verdicts: readonly GateVerdict[], passed: boolean, flags: GateFlags, at: Milliseconds): void {
  if (flags.junit !== undefined) write(flags.junit, renderGateJunit(verdicts, at));
  // With the XML on standard output, nothing else goes there.
  const out = flags.junit === '-' ? process.stderr : process.stdout;
  if (flags.json) out.write(`${JSON.stringify({ passed, verdicts }, null, 2)}\n`);
  else {
    out.write(`${renderGate(verdicts, terminalOf(out, process.env).color)}\n`);
    const annotations = flags.github ? renderGateAnnotations(verdicts) : '';
    if (annotations !== '') out.write(`${annotations}\n`);
  }
}

function write(file: string, text: string): void {
  if (file === '-') return void process.stdout.write(text);
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new UserError('unwritable-file', `the report cannot be written: ${messageOf(error)}`);
  }
}

const limitsOf = (flags: GateFlags): GateLimits => ({
  minBudget: shareOption(flags.minBudget),
  maxBurn: flags.maxBurn === undefined ? undefined : burnOption(flags.maxBurn),
  burnWindow: durationOption('--burn-window', flags.burnWindow),
  minCoverage:
    flags.minCoverage === undefined ? undefined : durationOption('--min-coverage', flags.minCoverage),
  heedsPages: !flags.ignoreAlerts,
});

/** `10%`, or the share 0.1; never 10, which could be meant as either. */
function shareOption(text: string): number {
  const [, amount, sign] = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text) ?? [];
  const share = sign === '%' ? Number(amount) / 100 : Number(amount);
  if (amount !== undefined && share <= 1) return share;
  throw new UserError(
    'bad-option',
    `--min-budget: ${JSON.stringify(text)} is not a share such as 10% or 0.1`,
  );
}

function burnOption(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  throw new UserError(
    'bad-option',
    `--max-burn: ${JSON.stringify(text)} is not a burn rate such as 2 or 14.4`,
  );
}
