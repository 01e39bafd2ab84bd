import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../packages/guard/src/core/index.ts';
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

export interface StartOptions {
  /** How long each may take until it is ready. */
  readonly readySeconds?: number;
}

/** With a program that hangs: what is told of it must not wait for its end. */
const PATIENCE_MS = 20_000;
/** How much of a log an error shows, characters. */
const SHOWN_LOG = 2000;

/**
 * Starts programs one after the other, each when the one before it is ready; what they print is in `folder`.
 *
 * @throws with the end of what a program printed that has ended, or is not ready in time; the others are ended
 */
export async function startPrograms(
  programs: readonly Program[],
  folder: string,
  { readySeconds = 60 }: StartOptions = {},
): Promise<RunningPrograms> {
  const running = new Map<string, ChildProcess>();
  const stop = async () => {
    for (const child of [...running.values()].toReversed()) await end(child, 'SIGTERM');
  };
  const start = async (program: Program) => {
    const log = join(folder, `${program.name}.log`);
    const child = launch(program, folder, log);
    running.set(program.name, child);
    const state = await eventually('its readiness', readySeconds, async () => {
      if (hasToldAll(child)) return 'it has ended';
      const { ok, status } = await fetch(program.readyUrl);
      if (!ok) throw new Error(`it answers ${status}`);
      return 'ready';
    }).catch(messageOf);
    if (state === 'ready') return;
    throw new Error(`${program.name}: ${state}; its log:\n${readFileSync(log, 'utf8').slice(-SHOWN_LOG)}`);
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

/** It does not write into its log by itself: a test may forbid it to write files. */
function launch({ command, args, env }: Program, folder: string, log: string): ChildProcess {
  const child = spawn(command, args, {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const file = openSync(log, 'a');
  for (const stream of [child.stdout, child.stderr]) stream.on('data', text => writeSync(file, text));
  child.once('close', () => closeSync(file));
  return child;
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null;

const hasToldAll = (child: ChildProcess) =>
  hasEnded(child) && [child.stdout, child.stderr].every(stream => stream?.readableEnded);

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (hasEnded(child)) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  const killer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  await ended;
  clearTimeout(killer);
}
