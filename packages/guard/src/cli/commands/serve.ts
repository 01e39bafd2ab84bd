import pino from 'pino';
import {
  createSystemClock,
  type Milliseconds,
  parseDuration,
  parseSize,
  UserError,
} from '../../core/index.ts';
import {
  type GuardOptions,
  type PortChoice,
  readFeatures,
  SURFACES,
  type Surface,
  startGuard,
  WRITE_MESSAGES,
  type WriteMessage,
} from '../../server/index.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { interruptSignal } from '../interrupt.ts';
import { version } from '../version.ts';

/** Options as commander gives them: camel case where the flag has dashes, dots kept. */
export type ServeFlags = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** `slo-guard serve`: runs until SIGTERM or Ctrl-C. */
export async function serve(flags: ServeFlags): Promise<ExitCode> {
  const signal = interruptSignal();
  const logger = pino({ level: text(flags, 'logLevel') }, pino.destination({ dest: 2, sync: true }));
  const options = guardOptions(flags, feature =>
    logger.info({ feature }, 'this feature of Prometheus has nothing to switch here'),
  );
  const guard = await startGuard(options, { clock: createSystemClock(), logger, quit });
  process.on('SIGHUP', () => void guard.reload());
  process.stdout.write(`${JSON.stringify({ ready: true, addresses: guard.addresses })}\n`);
  await new Promise<void>(resolve => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await guard.stop();
  return EXIT.good;
}

/** As an operator's SIGTERM would. */
const quit = () => void process.kill(process.pid, 'SIGTERM');

/** @throws UserError `bad-option` naming the flag */
export function guardOptions(
  flags: ServeFlags,
  onMeaninglessFeature: (name: string) => void = () => {},
): GuardOptions {
  const duration = (flag: string) => durationOption(flags, flag);
  return {
    prometheusConfig: text(flags, 'prometheusConfig'),
    alertmanagerConfig: text(flags, 'alertmanagerConfig'),
    dataDirectory: text(flags, 'dataDir'),
    slosDirectory: flags.slos as string | undefined,
    listen: text(flags, 'listen'),
    allowedHosts: text(flags, 'allowedHosts')
      .toLowerCase()
      .split(',')
      .filter(name => name !== ''),
    ports: Object.fromEntries(SURFACES.map(surface => [surface, portOption(flags, surface)])) as Record<
      Surface,
      PortChoice
    >,
    retention: duration('storage.tsdb.retention.time'),
    retentionBytes: sizeOption(flags, 'storage.tsdb.retention.size'),
    lookbackDelta: duration('query.lookbackDelta'),
    queryTimeout: duration('query.timeout'),
    maxSamples: Number(flags['query.maxSamples']),
    resendDelay: duration('rules.alert.resendDelay'),
    forGracePeriod: duration('rules.alert.forGracePeriod'),
    forOutageTolerance: duration('rules.alert.forOutageTolerance'),
    externalUrl: flags['web.externalUrl'] as string | undefined,
    routePrefix: flags['web.routePrefix'] as string | undefined,
    enableAdminApi: flags['web.enableAdminApi'] === true,
    corsOrigin: flags['web.cors.origin'] as string | undefined,
    enableRemoteWriteReceiver: flags['web.enableRemoteWriteReceiver'] === true,
    acceptedWriteMessages: writeMessages(flags),
    features: readFeatures([flags.enableFeature ?? []].flat().map(String), onMeaninglessFeature),
    enableOtlpReceiver: flags['web.enableOtlpReceiver'] === true,
    enableLifecycle: flags['web.enableLifecycle'] === true,
    notificationQueue: {
      queueCapacity: positiveOption(flags, 'alertmanager.notificationQueueCapacity'),
      batchSize: positiveOption(flags, 'alertmanager.notificationBatchSize'),
      drainsOnStop: flags['alertmanager.drainNotificationQueueOnShutdown'] !== false,
    },
    silenceLimits: {
      maxSilences: Number(flags['silences.maxSilences']),
      maxBytes: Number(flags['silences.maxSilenceSizeBytes']),
    },
    alsoRouteEmbedded: flags.alsoRouteEmbedded === true,
    links: {
      receiver: flags.receiverUrl as string | undefined,
      serviceA: flags.serviceAUrl as string | undefined,
      serviceB: flags.serviceBUrl as string | undefined,
    },
    version: version(),
    flags: Object.fromEntries(
      Object.entries(flags).map(([name, value]) => [dashed(name), String(value ?? '')]),
    ),
  };
}

const text = (flags: ServeFlags, name: string) => String(flags[name] ?? '');

/** Commander's key for `--query.lookback-delta` is `query.lookbackDelta`; people know the flag. */
const dashed = (name: string) => name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);

function durationOption(flags: ServeFlags, name: string): Milliseconds {
  const value = text(flags, name);
  const duration = parseDuration(value);
  if (duration === undefined || duration <= 0)
    throw new UserError(
      'bad-option',
      `--${dashed(name)}: ${JSON.stringify(value)} is not a duration such as 5m`,
    );
  return duration;
}

function sizeOption(flags: ServeFlags, name: string): number {
  const value = text(flags, name);
  const size = parseSize(value);
  if (size === undefined)
    throw new UserError(
      'bad-option',
      `--${dashed(name)}: ${JSON.stringify(value)} is not a size such as 512MB`,
    );
  return size;
}

function positiveOption(flags: ServeFlags, name: string): number {
  const value = Number(flags[name]);
  if (Number.isInteger(value) && value > 0) return value;
  throw new UserError('bad-option', `--${dashed(name)}: ${value} is not a number from 1 on`);
}

function portOption(flags: ServeFlags, surface: Surface): PortChoice {
  const key = `${surface.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())}Port`;
  const value = text(flags, key);
  if (value === 'off') return 'off';
  const port = Number(value);
  if (value === '' || !Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new UserError('bad-option', `--${surface}-port: ${JSON.stringify(value)} is not a port, 0 or off`);
  }
  return port;
}

const WRITE_MESSAGES_FLAG = 'web.remoteWriteReceiver.acceptedProtobufMessages';

/** All messages, unless some are named. */
function writeMessages(flags: ServeFlags): readonly WriteMessage[] {
  const all = Object.keys(WRITE_MESSAGES) as WriteMessage[];
  const named = [flags[WRITE_MESSAGES_FLAG] ?? []].flat();
  const unknown = named.find(name => !all.includes(name as WriteMessage));
  if (unknown !== undefined)
    throw new UserError(
      'bad-option',
      `--${dashed(WRITE_MESSAGES_FLAG)}: ${JSON.stringify(unknown)} is none of ${all.join(', ')}`,
    );
  return named.length === 0 ? all : (named as WriteMessage[]);
}
