import {
  type Clock,
  createSystemClock,
  type Milliseconds,
  parseDuration,
  UserError,
} from '../../core/index.ts';
import type { ImportFormat } from '../choices.ts';
import { counted } from '../counted.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { interruptSignal } from '../interrupt.ts';
import { createPrometheusClient, type PrometheusClient } from '../prometheus/client.ts';
import { type ConnectionFlags, connectionOf, secretsOf } from '../prometheus/connection.ts';
import { durationOption } from '../time-option.ts';
import { emptyReport, type ImportReport, importLine, refusalLines } from '../transfer/import-report.ts';
import { type ImportOptions, importSamples } from '../transfer/import-samples.ts';
import type { ImportSink } from '../transfer/import-sink.ts';
import { type Input, openInput } from '../transfer/input.ts';
import { openOfflineStore } from '../transfer/offline-store.ts';
import { createProgress } from '../transfer/progress.ts';
import { createRemoteWriteSink } from '../transfer/remote-write-sink.ts';
import type { ReadCounts } from '../transfer/sample-batches.ts';
import { createStoreSink } from '../transfer/store-sink.ts';

export interface ImportFlags extends ConnectionFlags {
  /** Write to this instead of sending to the server. */
  readonly dataDir?: string;
  readonly format: ImportFormat;
  readonly dryRun?: boolean;
  readonly skipRefused?: boolean;
  readonly json?: boolean;
  readonly 'storage.tsdb.retention.time': string;
}

/** Where samples go, and how long they are kept there. */
interface Target {
  readonly sink: ImportSink;
  readonly retention: Milliseconds | undefined;
}

/** `slo-guard import`: exit code 1 when samples were refused and that was not asked for, 130 after Ctrl-C. */
export async function importFiles(files: readonly string[], flags: ImportFlags): Promise<ExitCode> {
  const clock = createSystemClock();
  const signal = interruptSignal();
  const inputs = files.map(openInput);
  const { sink, retention } = await openTarget(flags, clock, signal);
  const progress = createProgress(clock, process.stderr);
  const report = emptyReport();
  const counts: ReadCounts = { exemplars: 0 };
  const skipRefused = flags.skipRefused === true;
  try {
    for (const input of inputs) {
      const onProgress = () => progress.show(() => progressLine(report, input));
      const { format } = flags;
      const options: ImportOptions = { format, retention, skipRefused, clock, signal, onProgress };
      await importSamples(input, sink, report, counts, options);
    }
  } catch (error) {
    progress.clear();
    if (report.imported + report.present + report.refused > 0) tell(report, counts, flags);
    if (!signal.aborted) throw error;
    return EXIT.interrupted;
  } finally {
    progress.clear();
    await sink.close();
  }
  tell(report, counts, flags);
  return report.refused > 0 && !skipRefused ? EXIT.no : EXIT.good;
}

async function openTarget(flags: ImportFlags, clock: Clock, signal: AbortSignal): Promise<Target> {
  const { dataDir: dataDirectory, dryRun } = flags;
  if (dataDirectory !== undefined) {
    const flag = 'storage.tsdb.retention.time';
    const retention = durationOption(`--${flag}`, flags[flag]);
    if (dryRun) return { sink: nowhere, retention };
    return {
      sink: createStoreSink(openOfflineStore({ dataDirectory, clock, retention, create: true }), clock),
      retention,
    };
  }
  if (dryRun) return { sink: nowhere, retention: undefined };
  const client = createPrometheusClient({ connection: connectionOf(flags, secretsOf(process.env)), signal });
  return { sink: createRemoteWriteSink(client, clock, signal), retention: await retentionOf(client) };
}

const nowhere: ImportSink = {
  write: async ({ lines }) => ({ imported: lines.length, present: 0, refusals: [] }),
  close: async () => undefined,
};

/** As the server tells it; receivers that are no Prometheus do not. @throws UserError `prometheus-unreachable` */
async function retentionOf(client: PrometheusClient): Promise<Milliseconds | undefined> {
  try {
    const flags = (await client.get('status/flags')).data as Record<string, unknown> | undefined;
    return parseDuration(String(flags?.['storage.tsdb.retention.time'])) || undefined;
  } catch (error) {
    if (error instanceof UserError && error.code !== 'prometheus-unreachable') return undefined;
    await client.close();
    throw error;
  }
}

function progressLine({ imported, present, refused }: ImportReport, input: Input): string {
  const share = input.share();
  const done = counted(imported + present + refused, 'sample');
  return `${input.name}: ${done}${share === undefined ? '' : `, ${Math.floor(share * 100)} %`}`;
}

/** The result on standard output; what did not go well on standard error. */
function tell(report: ImportReport, counts: ReadCounts, { json, dryRun }: ImportFlags): void {
  for (const line of refusalLines(report)) process.stderr.write(`${line}\n`);
  if (counts.exemplars > 0)
    process.stderr.write(`${counted(counts.exemplars, 'exemplar')} left out: import takes samples\n`);
  process.stdout.write(`${json ? asJson(report, counts) : importLine(report, dryRun === true)}\n`);
}

const asJson = ({ series, reasons, ...report }: ImportReport, counts: ReadCounts): string =>
  JSON.stringify({ ...report, series: series.size, reasons: Object.fromEntries(reasons), ...counts });
