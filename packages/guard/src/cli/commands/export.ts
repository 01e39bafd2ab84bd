import { type Clock, createSystemClock, type Milliseconds, UserError } from '../../core/index.ts';
import type { StaleMarkers } from '../choices.ts';
import { counted } from '../counted.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { interruptSignal } from '../interrupt.ts';
import { createPrometheusClient } from '../prometheus/client.ts';
import { type ConnectionFlags, connectionOf, secretsOf } from '../prometheus/connection.ts';
import { durationOption, timeOption } from '../time-option.ts';
import { openOfflineStore } from '../transfer/offline-store.ts';
import { writeOutput } from '../transfer/output.ts';
import { createProgress } from '../transfer/progress.ts';
import { createPrometheusSource } from '../transfer/prometheus-source.ts';
import type { Bounds, SampleSource } from '../transfer/sample-source.ts';
import { selectorsOf } from '../transfer/selectors.ts';
import { createStoreSource } from '../transfer/store-source.ts';
import { type ExportCounts, writeExport } from '../transfer/write-export.ts';
import { createWallClock } from '../wall-clock.ts';

export interface ExportFlags extends ConnectionFlags {
  /** Read this instead of asking the server. */
  readonly dataDir?: string;
  readonly match?: readonly string[];
  readonly start?: string;
  readonly end?: string;
  readonly since?: string;
  readonly output?: string;
  readonly staleMarkers: StaleMarkers;
}

/** Beyond what a store keeps. */
const EVER: Milliseconds = 2 ** 50;

/** `slo-guard export`: exit code 130 after Ctrl-C; a file is then not written. */
export async function exportSamples(flags: ExportFlags): Promise<ExitCode> {
  const clock = createSystemClock();
  const { staleMarkers } = flags;
  const signal = interruptSignal();
  const source = openSource(flags, clock, signal);
  const progress = createProgress(clock, process.stderr);
  const counts: ExportCounts = { series: 0, samples: 0, staleMarkers: 0 };
  const onProgress = (_: ExportCounts, { name }: { name: string }) =>
    progress.show(() => `${counted(counts.samples, 'sample')}, ${name}`);
  try {
    await writeOutput(writeExport(source, counts, { staleMarkers, onProgress }), flags.output, signal);
  } catch (error) {
    // A pager or `head` that has seen enough closes the pipe.
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return EXIT.good;
    if (!signal.aborted) throw error;
    return EXIT.interrupted;
  } finally {
    progress.clear();
    await source.close();
  }
  for (const line of summary(counts, source, flags)) process.stderr.write(`${line}\n`);
  return EXIT.good;
}

function openSource(flags: ExportFlags, clock: Clock, signal: AbortSignal): SampleSource {
  const selectors = selectorsOf(flags.match ?? []);
  const bounds = boundsOf(flags, clock);
  if (flags.dataDir === undefined) {
    const client = createPrometheusClient({
      connection: connectionOf(flags, secretsOf(process.env)),
      signal,
    });
    // The API knows no times before 1970 that people mean.
    return createPrometheusSource(client, selectors, { ...bounds, start: Math.max(0, bounds.start) });
  }
  const store = openOfflineStore({ dataDirectory: flags.dataDir, clock, retention: EVER, create: false });
  return createStoreSource(store, selectors, bounds);
}

function boundsOf({ start, end, since, dataDir }: ExportFlags, clock: Clock): Bounds {
  const context = { now: clock.now(), wallClock: createWallClock() };
  if (start !== undefined && since !== undefined)
    throw new UserError('bad-option', 'give either --start or --since');
  const to =
    end === undefined ? (dataDir === undefined ? context.now : EVER) : timeOption('--end', end, context);
  const from = start === undefined ? -EVER : timeOption('--start', start, context);
  const bounds = {
    start: since === undefined ? from : Math.min(to, context.now) - durationOption('--since', since),
    end: to,
  };
  if (bounds.start > bounds.end) throw new UserError('bad-option', 'the range ends before it starts');
  return bounds;
}

function summary(counts: ExportCounts, source: SampleSource, { output }: ExportFlags): string[] {
  const { samples, series, staleMarkers } = counts;
  const amount = `${counted(samples, 'sample')} of ${counted(series, 'series')}`;
  return [
    ...source.notes(),
    ...(staleMarkers > 0 ? [`${counted(staleMarkers, 'staleness marker')} left out`] : []),
    ...(output === undefined || output === '-' ? [] : [`${amount} in ${output}`]),
  ];
}
