import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readTextFile } from '../../config/index.ts';
import { createSystemClock, UserError } from '../../core/index.ts';
import { startTraffic } from '../../proof/index.ts';
import {
  loadStack,
  type PartEvent,
  REPOSITORY,
  RULE_FILES,
  type RunningStack,
  startStack,
  withPorts,
} from '../../stack/index.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { interruptSignal } from '../interrupt.ts';
import { startScreen } from '../screen.ts';

interface UpFlags {
  readonly traffic?: number;
  readonly dataDir: string;
  readonly fresh: boolean;
  readonly port: readonly string[];
  readonly services: boolean;
  readonly stack: string;
}

const MAX_TRAFFIC = 1000;

/** `slo-guard up`: runs until Ctrl-C or SIGTERM. */
export async function up(flags: UpFlags): Promise<ExitCode> {
  const { traffic, dataDir, services } = flags;
  if (traffic !== undefined && !(traffic > 0 && traffic <= MAX_TRAFFIC)) {
    throw new UserError(
      'bad-option',
      `--traffic: requests per second must be above 0 and at most ${MAX_TRAFFIC}`,
    );
  }
  const description = readTextFile(existsSync(flags.stack) ? flags.stack : join(REPOSITORY, flags.stack));
  const stack = withPorts(loadStack(description.file, description.text), portOverrides(flags.port));
  const signal = interruptSignal();
  const clock = createSystemClock();
  if (flags.fresh) rmSync(dataDir, { recursive: true, force: true });

  const screen = startScreen({ clock, output: process.stdout });
  const running = await startStack({
    stack,
    ruleFiles: RULE_FILES,
    dataDirectory: dataDir,
    services,
    clock,
    onEvent: (event: PartEvent) => screen.event(event),
  });
  const consoleUrl = `http://localhost:${stack.ports.console}`;
  screen.watch(running, consoleUrl);
  const load = await startLoad(running, signal, traffic, clock);
  if (load.failure === undefined && !signal.aborted) {
    screen.allReady({ consoleUrl, endpoints: running.endpoints, traffic, services });
    await aborted(signal);
  }
  await screen.stop();
  if (signal.aborted) process.stdout.write('stopping…\n');
  await load.traffic?.stop();
  await running.stop();
  if (load.failure !== undefined) throw load.failure;
  process.stdout.write('stopped\n');
  return EXIT.good;
}

interface Load {
  readonly traffic?: ReturnType<typeof startTraffic>;
  /** Why the stack did not become ready. */
  readonly failure?: UserError;
}

/** Waits until the stack is ready, then sends the load that was asked for. */
async function startLoad(
  running: RunningStack,
  signal: AbortSignal,
  rate: number | undefined,
  clock: ReturnType<typeof createSystemClock>,
): Promise<Load> {
  try {
    await Promise.race([running.ready, aborted(signal)]);
  } catch (error) {
    return { failure: new UserError('part-failed', (error as Error).message) };
  }
  if (rate === undefined || signal.aborted) return {};
  return {
    traffic: startTraffic({ url: `${running.endpoints.gateway}/work`, requestsPerSecond: rate, clock }),
  };
}

const aborted = (signal: AbortSignal) =>
  new Promise<void>(resolve => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

function portOverrides(texts: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    texts.map(text => {
      const match = /^([A-Za-z0-9_-]+)=(\d+)$/.exec(text);
      if (!match || Number(match[2]) === 0) {
        throw new UserError(
          'bad-option',
          `--port: ${JSON.stringify(text)} is not NAME=PORT, such as service_a=18001`,
        );
      }
      return [match[1]!, Number(match[2])];
    }),
  );
}
