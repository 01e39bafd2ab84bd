import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Clock, entryModule, type Milliseconds, messageOf, type Timer } from '../core/index.ts';
import {
  createHttpClient,
  DEFAULT_HTTP_CLIENT,
  type HttpClient,
  isSuccess,
  textOf,
} from '../http-client/index.ts';
import { openLogFile } from './log-file.ts';

/** One process of the stack. */
export interface PartCommand {
  readonly name: string;
  /** Node's arguments: the script and what follows it. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Answers 2xx when the part is ready. */
  readonly readyUrl: string;
}

export type PartState = 'starting' | 'ready' | 'restarting' | 'stopped';

/** What a part is doing, for the table and the log. */
export interface PartStatus {
  readonly name: string;
  readonly state: PartState;
  readonly pid: number | undefined;
  readonly restarts: number;
}

export type PartEvent =
  | { readonly type: 'ready'; readonly name: string; readonly after: Milliseconds }
  /** It ended by itself and is started again after `delay`. */
  | {
      readonly type: 'crashed';
      readonly name: string;
      readonly how: string;
      readonly delay: Milliseconds;
      readonly lastLines: readonly string[];
    }
  | { readonly type: 'line'; readonly name: string; readonly line: string };

export interface SupervisedPart {
  status(): PartStatus;
  /** Resolves when it is ready for the first time; rejects with what it last said when it ends before that with exit code 2 (wrong use). */
  readonly ready: Promise<void>;
  /** SIGTERM, and SIGKILL after `patience`. Resolves when the process is gone. */
  stop(patience: Milliseconds): Promise<void>;
}

/** Waits between restarts: doubled at each crash, from the first again after a quiet minute. */
const FIRST_DELAY: Milliseconds = 500;
const LONGEST_DELAY: Milliseconds = 30_000;
const STEADY_AFTER: Milliseconds = 60_000;
const READY_POLL: Milliseconds = 40;
const ANSWER_TIMEOUT: Milliseconds = 2_000;
/** The exit code by which a part says that starting it again would not help. */
const WRONG_USE = 2;
const KEPT_LINES = 8;

const guardian = entryModule('stack/exit-with-parent').href;

export interface SupervisorOptions {
  readonly clock: Clock;
  /** Each part's output goes to `<logs>/<name>.log`. */
  readonly logDirectory: string;
  readonly onEvent: (event: PartEvent) => void;
}

/** Starts a process, says when it is ready, and starts it again when it crashes. */
export function supervise(
  part: PartCommand,
  { clock, logDirectory, onEvent }: SupervisorOptions,
): SupervisedPart {
  mkdirSync(logDirectory, { recursive: true });
  const log = openLogFile(join(logDirectory, `${part.name}.log`));
  const { promise: ready, resolve: becomeReady, reject: neverReady } = Promise.withResolvers<void>();
  ready.catch(() => {});
  let child: ChildProcess | undefined;
  let state: PartState = 'starting';
  let restarts = 0;
  let delay = FIRST_DELAY;
  let pending: Timer | undefined;
  let stopping = false;

  function start(): void {
    const startedAt = clock.monotonic();
    const lastLines: string[] = [];
    const current = spawn(process.execPath, ['--import', guardian, ...part.args], {
      env: { ...process.env, ...part.env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Its own process group: Ctrl-C reaches it through us, in our order.
      detached: true,
    });
    child = current;
    for (const stream of [current.stdout, current.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on('line', line => {
        lastLines.push(line);
        if (lastLines.length > KEPT_LINES) lastLines.shift();
        log.write(line);
        onEvent({ type: 'line', name: part.name, line });
      });
    }
    current.once('error', error => lastLines.push(messageOf(error)));
    current.once('close', (code, signal) => ended(code, signal, startedAt, lastLines));
    void waitUntilReady(current, startedAt);
  }

  async function waitUntilReady(current: ChildProcess, startedAt: Milliseconds): Promise<void> {
    const client = createHttpClient({ config: DEFAULT_HTTP_CLIENT });
    while (child === current && !stopping) {
      if (await answers(client, part.readyUrl)) {
        if (child !== current) break;
        state = 'ready';
        onEvent({ type: 'ready', name: part.name, after: clock.monotonic() - startedAt });
        becomeReady();
        break;
      }
      await clock.sleep(READY_POLL);
    }
    await client.close();
  }

  function ended(
    code: number | null,
    signal: NodeJS.Signals | null,
    startedAt: Milliseconds,
    lastLines: readonly string[],
  ): void {
    child = undefined;
    if (stopping) return;
    const how = signal ? `signal ${signal}` : `exit code ${code}`;
    if (code === WRONG_USE) {
      state = 'stopped';
      neverReady(new Error(`${part.name} cannot start:\n${lastLines.join('\n')}`));
      return;
    }
    if (clock.monotonic() - startedAt > STEADY_AFTER) delay = FIRST_DELAY;
    state = 'restarting';
    onEvent({ type: 'crashed', name: part.name, how, delay, lastLines });
    pending = clock.after(delay, () => {
      restarts += 1;
      state = 'starting';
      start();
    });
    delay = Math.min(LONGEST_DELAY, delay * 2);
  }

  start();
  return {
    status: () => ({ name: part.name, state, pid: child?.pid, restarts }),
    ready,
    async stop(patience) {
      stopping = true;
      pending?.cancel();
      neverReady(new Error(`${part.name} was stopped before it was ready`));
      const current = child;
      if (current && current.exitCode === null && current.signalCode === null) {
        const gone = new Promise<void>(resolve => current.once('close', () => resolve()));
        current.kill('SIGTERM');
        const killer = clock.after(patience, () => current.kill('SIGKILL'));
        await gone;
        killer.cancel();
      }
      state = 'stopped';
      log.close();
    },
  };
}

async function answers(client: HttpClient, url: string): Promise<boolean> {
  try {
    const answer = await client.get({ url, headers: {}, signal: AbortSignal.timeout(ANSWER_TIMEOUT) });
    await textOf(answer);
    return isSuccess(answer);
  } catch {
    return false;
  }
}
