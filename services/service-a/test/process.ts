import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** A service as a process of its own. */
export interface RunningService {
  readonly url: string;
  readonly port: number;
  /** From the spawn to the line that says it is ready. */
  readonly readyAfterMs: number;
  readonly lines: string[];
  readonly stderr: () => string;
  /** Proportional set size; undefined where the system has no smaps_rollup. */
  pssMegabytes(): number | undefined;
  /** Sends the signal and gives the exit code and how long it took. */
  stop(signal?: NodeJS.Signals): Promise<{ code: number | null; ms: number }>;
}

const running = new Set<ReturnType<typeof spawn>>();

/** Ends what tests left behind. */
export function killAll(): void {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
}

/** Starts `main` of a service in TypeScript. */
export const startService = (main: string, env: Record<string, string> = {}): Promise<RunningService> =>
  startProgram(process.execPath, [main], env);

/** Starts a service with free ports and waits until it is ready; rejects with its error output when it ends first. */
export async function startProgram(
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<RunningService> {
  const started = performance.now();
  const child = spawn(command, args, {
    env: { PATH: process.env.PATH, PORT: '0', OTEL_BSP_SCHEDULE_DELAY: '100', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const ended = once(child, 'exit').finally(() => running.delete(child));
  let errors = '';
  child.stderr.on('data', chunk => {
    errors += chunk;
  });
  const lines: string[] = [];
  const port = await new Promise<number>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', line => {
      lines.push(line);
      const found = /ready on http:\/\/[^"]*:(\d+)/.exec(line)?.[1];
      if (found !== undefined) resolve(Number(found));
    });
    ended.then(([code]) => reject(new Error(`exit ${code}: ${errors}`)), reject);
  });
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    readyAfterMs: performance.now() - started,
    lines,
    stderr: () => errors,
    pssMegabytes() {
      try {
        const rollup = readFileSync(`/proc/${child.pid}/smaps_rollup`, 'utf8');
        return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1]) / 1024;
      } catch {
        return undefined;
      }
    },
    async stop(signal = 'SIGTERM') {
      const from = performance.now();
      child.kill(signal);
      const [code] = await ended;
      return { code, ms: performance.now() - from };
    },
  };
}
