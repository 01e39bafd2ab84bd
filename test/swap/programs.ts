import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../story/support.ts';

/** A program to run: ready when the URL answers 200. */
export interface Program {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly readyUrl: string;
}

export interface RunningPrograms {
  readonly pids: ReadonlyMap<string, number>;
  /** Ends one with SIGKILL. */
  kill(name: string): Promise<void>;
  /** Starts one that has ended, as before, until it is ready. */
  start(name: string): Promise<void>;
  /** Ends them, last started first. */
  stop(): Promise<void>;
}

const READY_SECONDS = 60;

/** Starts programs one after the other, each when the one before it is ready; what they print is in `folder`. */
export async function startPrograms(programs: readonly Program[], folder: string): Promise<RunningPrograms> {
  const running = new Map<string, ChildProcess>();
  const end = async (child: ChildProcess, signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  const stop = async () => {
    for (const child of [...running.values()].toReversed()) await end(child, 'SIGTERM');
  };
  const start = async ({ name, command, args, env, readyUrl }: Program) => {
    const child = spawn(command, args, {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.set(name, child);
    const log = join(folder, `${name}.log`);
    const file = createWriteStream(log, { flags: 'a' });
    child.stdout.pipe(file, { end: false });
    child.stderr.pipe(file, { end: false });
    await eventually(name, READY_SECONDS, async () => {
      if (child.exitCode !== null) throw new Error(readFileSync(log, 'utf8').slice(-2000));
      return (await fetch(readyUrl)).ok || undefined;
    });
  };
  try {
    for (const program of programs) await start(program);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    get pids() {
      return new Map([...running].map(([name, child]) => [name, child.pid!]));
    },
    kill: name => end(running.get(name)!, 'SIGKILL'),
    start: name => start(programs.find(program => program.name === name)!),
    stop,
  };
}
