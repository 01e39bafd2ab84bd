import { writeFileSync } from 'node:fs';
import { readTextFile } from '../../config/index.ts';
import { type Clock, createSystemClock, hideUserinfo, messageOf, UserError } from '../../core/index.ts';
import {
  DEFAULT_ENDPOINTS,
  type Drill,
  type DrillReport,
  type Endpoints,
  loadDrill,
  renderJunit,
  renderReport,
  runDrill,
} from '../../proof/index.ts';
import { startFreshStack } from '../../stack/index.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { interruptSignal } from '../interrupt.ts';

interface DrillFlags extends Partial<Record<keyof typeof ADDRESS_FLAGS, string>> {
  readonly freshStack: boolean;
  readonly json?: string;
  readonly junit?: string;
}

/** The flags that carry addresses, and what they are the address of. */
const ADDRESS_FLAGS = {
  serviceA: 'gateway',
  serviceB: 'backend',
  prometheus: 'prometheus',
  alertmanager: 'alertmanager',
  receiver: 'receiver',
  jaeger: 'jaeger',
} as const satisfies Record<string, keyof Endpoints>;

/** What every drill of one call shares. */
interface Session {
  readonly flags: DrillFlags;
  readonly endpoints: Endpoints;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
}

/** `slo-guard drill`: runs the files in turn; exit code 1 when one of them fails, 130 after Ctrl-C. */
export async function drill(files: readonly string[], flags: DrillFlags): Promise<ExitCode> {
  const drills = files.map(file => loadDrill(file, readTextFile(file).text));
  const endpoints = endpointsOf(flags);
  const reports: DrillReport[] = [];
  // Before minutes are spent on a drill whose report cannot be written then.
  writeFiles(reports, flags);
  // With the JSON on standard output, everything for people goes to standard error.
  const out = flags.json === '-' ? process.stderr : process.stdout;
  const say = (text: string) => void out.write(`${text}\n`);
  const signal = interruptSignal();
  const session: Session = { flags, endpoints, clock: createSystemClock(), signal, say };
  const color = out.isTTY === true && !process.env.NO_COLOR;
  try {
    for (const one of drills) {
      say(`\n${one.name}: ${one.description}`);
      const report = await runOne(one, session);
      say(renderReport(report, color));
      reports.push(report);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    say('interrupted');
    return EXIT.interrupted;
  } finally {
    writeFiles(reports, flags);
    if (flags.json === '-') process.stdout.write(asJson(reports));
  }
  return reports.every(({ passed }) => passed) ? EXIT.good : EXIT.no;
}

async function runOne(one: Drill, { flags, endpoints, clock, signal, say }: Session): Promise<DrillReport> {
  const startedAt = clock.monotonic();
  const onProgress = (message: string) =>
    say(`  ${((clock.monotonic() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${message}`);
  if (!flags.freshStack) return runDrill(one, { endpoints, clock, signal, onProgress });
  const stack = await startFreshStack({ clock, signal, onProgress });
  try {
    return await runDrill(one, { endpoints: stack.endpoints, clock, signal, onProgress });
  } finally {
    await stack.stop();
  }
}

function endpointsOf(flags: DrillFlags): Endpoints {
  const given = Object.entries(ADDRESS_FLAGS).flatMap(([flag, part]) => {
    const url = flags[flag as keyof typeof ADDRESS_FLAGS];
    return url === undefined ? [] : [[part, checkedAddress(url)] as const];
  });
  if (given.length > 0 && flags.freshStack) {
    throw new UserError('bad-option', '--fresh-stack has addresses of its own; give no others beside it');
  }
  return { ...DEFAULT_ENDPOINTS, ...Object.fromEntries(given) };
}

/** Without the slash at the end, as paths are appended. */
function checkedAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.search || url.hash) {
    throw new UserError(
      'bad-option',
      `${JSON.stringify(hideUserinfo(text))} is not an address such as http://127.0.0.1:9090`,
    );
  }
  return url.href.endsWith('/') ? url.href.slice(0, -1) : url.href;
}

/** Infinity is not JSON: a prediction of "never" is written as null. */
const asJson = (reports: readonly DrillReport[]): string =>
  `${JSON.stringify(reports, (_key, value) => (value === Number.POSITIVE_INFINITY ? null : value), 2)}\n`;

function writeFiles(reports: readonly DrillReport[], { json, junit }: DrillFlags): void {
  if (json !== undefined && json !== '-') write(json, asJson(reports));
  if (junit !== undefined) write(junit, renderJunit(reports));
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new UserError('unwritable-file', `the report cannot be written: ${messageOf(error)}`);
  }
}
