import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../core/index.ts';
import { loadStack, withPorts } from './model.ts';
import { wantedPorts } from './parts.ts';
import { freePorts } from './ports.ts';
import { REPOSITORY } from './repository.ts';
import { RULE_FILES } from './rule-files.ts';
import { type RunningStack, startStack } from './start-stack.ts';

export interface FreshStackOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onProgress: (message: string) => void;
}

/** The demo's stack with ports that nobody uses and data of its own, which `stop` removes. Resolves when it is ready. */
export async function startFreshStack({
  clock,
  signal,
  onProgress,
}: FreshStackOptions): Promise<RunningStack> {
  const file = join(REPOSITORY, 'stack.yaml');
  const described = loadStack(file, readFileSync(file, 'utf8'));
  const wanted = wantedPorts(described, true);
  const ports = await freePorts(wanted.length, '127.0.0.1');
  const stack = withPorts(described, Object.fromEntries(wanted.map(({ name }, i) => [name, ports[i]!])));
  const dataDirectory = mkdtempSync(join(tmpdir(), 'slo-guard-'));
  const running = await startStack({
    stack,
    ruleFiles: RULE_FILES,
    dataDirectory,
    services: true,
    clock,
    onEvent: event => {
      if (event.type === 'crashed')
        onProgress(`${event.name} crashed (${event.how})\n${event.lastLines.join('\n')}`);
    },
  });
  const stop = async () => {
    await running.stop();
    rmSync(dataDirectory, { recursive: true, force: true });
  };
  try {
    await Promise.race([running.ready, aborted(signal)]);
  } catch (error) {
    await stop();
    throw error;
  }
  onProgress('a fresh stack is ready');
  return { ...running, stop };
}

const aborted = (signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
