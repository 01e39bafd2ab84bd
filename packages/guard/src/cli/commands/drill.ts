import { writeFileSync } from 'node:fs';
import { createSystemClock } from '../../core/index.ts';
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
import { readText } from '../read-sources.ts';

interface DrillFlags {
  readonly freshStack: boolean;
  readonly json?: string;
  readonly junit?: string;
  readonly serviceA?: string;
  readonly serviceB?: string;
  readonly prometheus?: string;
  readonly alertmanager?: string;
  readonly receiver?: string;
  readonly jaeger?: string;
}

/** `slo-guard drill`: runs the files in turn; exit code 1 when one of them fails. */
export async function drill(files: readonly string[], flags: DrillFlags): Promise<ExitCode> {
  const drills = files.map(file => loadDrill(file, readText(file).text));
  const signal = interruptSignal();
  const reports: DrillReport[] = [];
  // With the JSON on standard output, everything for people goes to standard error.
  const out = flags.json === '-' ? process.stderr : process.stdout;
  const say = (text: string) => out.write(`${text}\n`);
  try {
    for (const one of drills) {
      say(`\n${one.name}: ${one.description}`);
      const report = await runOne(one, flags, signal, say);
      say(renderReport(report, out.isTTY === true && !process.env.NO_COLOR));
      reports.push(report);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    say('interrupted; the fault was removed');
    return EXIT.interrupted;
  } finally {
    writeReports(reports, flags);
  }
  return reports.every(({ passed }) => passed) ? EXIT.good : EXIT.no;
}

async function runOne(
  one: Drill,
  flags: DrillFlags,
  signal: AbortSignal,
  say: (text: string) => void,
): Promise<DrillReport> {
  const clock = createSystemClock();
  const startedAt = clock.monotonic();
  const onProgress = (message: string) =>
    say(`  ${((clock.monotonic() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${message}`);
  if (!flags.freshStack) return runDrill(one, { endpoints: endpointsOf(flags), clock, signal, onProgress });
  const stack = await startFreshStack({ clock, signal, onProgress });
  try {
    return await runDrill(one, { endpoints: stack.endpoints, clock, signal, onProgress });
  } finally {
    await stack.stop();
  }
}

function endpointsOf(flags: DrillFlags): Endpoints {
  return {
    gateway: flags.serviceA ?? DEFAULT_ENDPOINTS.gateway,
    backend: flags.serviceB ?? DEFAULT_ENDPOINTS.backend,
    prometheus: flags.prometheus ?? DEFAULT_ENDPOINTS.prometheus,
    alertmanager: flags.alertmanager ?? DEFAULT_ENDPOINTS.alertmanager,
    receiver: flags.receiver ?? DEFAULT_ENDPOINTS.receiver,
    jaeger: flags.jaeger ?? DEFAULT_ENDPOINTS.jaeger,
  };
}

function writeReports(reports: readonly DrillReport[], { json, junit }: DrillFlags): void {
  // Infinity is not JSON: a prediction of "never" is written as null.
  const text = `${JSON.stringify(reports, (_key, value) => (value === Number.POSITIVE_INFINITY ? null : value), 2)}\n`;
  if (json === '-') process.stdout.write(text);
  else if (json !== undefined) writeFileSync(json, text);
  if (junit !== undefined) writeFileSync(junit, renderJunit(reports));
}
