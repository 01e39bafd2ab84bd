import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What one run of a program took. */
export interface Run {
  readonly seconds: number;
  /** User and system time of all its threads. */
  readonly cpuSeconds: number;
  /** The largest resident set. */
  readonly megabytes: number;
}

/** Clock ticks a second that /proc counts in (sysconf(_SC_CLK_TCK) on every Linux of today). */
const TICKS = 100;
const SAMPLE_MS = 5;

/** Runs a program to its end and watches it from /proc, a little behind. @throws when it fails */
export async function runProgram(program: string, args: readonly string[], cwd: string): Promise<Run> {
  const startedAt = process.hrtime.bigint();
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-4_000);
  });
  let usage = { cpuSeconds: 0, megabytes: 0 };
  const timer = setInterval(() => {
    usage = usageOf(child.pid!) ?? usage;
  }, SAMPLE_MS);
  const code = await new Promise<number | null>(resolve => child.once('exit', resolve));
  clearInterval(timer);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}\n${errors}`);
  return { seconds: Number(process.hrtime.bigint() - startedAt) / 1e9, ...usage };
}

/** Undefined once it has ended. */
function usageOf(pid: number): Omit<Run, 'seconds'> | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const [user, system] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13)
      .map(Number);
    const peak = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
    if (peak === undefined) return undefined;
    return { cpuSeconds: (user! + system!) / TICKS, megabytes: Number(peak) / 1024 };
  } catch {
    return undefined;
  }
}
