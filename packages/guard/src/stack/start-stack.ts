import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Clock, Milliseconds } from '../core/index.ts';
import type { Endpoints } from '../proof/index.ts';
import type { Stack } from './model.ts';
import {
  endpointsOf,
  guardCommand,
  receiverCommand,
  renderConfiguration,
  serviceCommands,
  wantedPorts,
} from './parts.ts';
import { checkPorts } from './ports.ts';
import { type PartEvent, type PartStatus, type SupervisedPart, supervise } from './supervisor.ts';

export interface StartOptions {
  /** With the ports that are to be used; none of them 0. */
  readonly stack: Stack;
  /** The rule files that the guard loads. */
  readonly ruleFiles: readonly string[];
  readonly dataDirectory: string;
  /** Whether the demo's services are started, or run elsewhere. */
  readonly services: boolean;
  readonly clock: Clock;
  readonly onEvent: (event: PartEvent) => void;
}

/** Processes that were started together. */
export interface RunningStack {
  readonly endpoints: Required<Endpoints>;
  parts(): readonly PartStatus[];
  /** Resolves when every part answers; rejects when one cannot start. */
  readonly ready: Promise<void>;
  /** Ends all, the services first, within five seconds. */
  stop(): Promise<void>;
}

/** Patience with a part that was told to end; two rounds of it stay below five seconds. */
const PATIENCE: Milliseconds = 2_200;

/**
 * Starts every process of the stack, with the configuration rendered into the data directory.
 *
 * @throws UserError `port-in-use` before anything is started, naming every port that is taken
 */
export async function startStack(options: StartOptions): Promise<RunningStack> {
  const { stack, dataDirectory, services, clock, onEvent } = options;
  await checkPorts(wantedPorts(stack, services));
  mkdirSync(dataDirectory, { recursive: true });
  const ruleFiles = options.ruleFiles.map(file => resolve(file));
  const configuration = renderConfiguration(stack, ruleFiles, dataDirectory, writeFileSync);
  const environment = { clock, onEvent, logDirectory: join(dataDirectory, 'logs') };
  const start = (command: Parameters<typeof supervise>[0]) => supervise(command, environment);
  const base = [
    start(guardCommand(stack, configuration, dataDirectory)),
    start(receiverCommand(stack, dataDirectory)),
  ];
  const demo = services ? serviceCommands(stack).map(start) : [];
  const all: readonly SupervisedPart[] = [...base, ...demo];
  const stopAll = (parts: readonly SupervisedPart[]) => Promise.all(parts.map(part => part.stop(PATIENCE)));
  let stopped: Promise<unknown> | undefined;
  return {
    endpoints: endpointsOf(stack),
    parts: () => all.map(part => part.status()),
    ready: Promise.all(all.map(part => part.ready)).then(() => {}),
    async stop() {
      // Services flush their spans into the guard, so they go first; the receiver hears the last notifications.
      stopped ??= stopAll(demo).then(() => stopAll(base));
      await stopped;
    },
  };
}
