import { readFileSync } from 'node:fs';

/** What one process takes, from Linux's /proc. */
export interface ProcessUsage {
  /** Proportional set size: shared pages divided among their users. */
  readonly pssMegabytes: number;
  /** Resident set size: shared pages counted whole. */
  readonly rssMegabytes: number;
  /** User and system time since its start. */
  readonly cpuSeconds: number;
}

/** Clock ticks a second that /proc counts in (sysconf(_SC_CLK_TCK) on every Linux of today). */
const TICKS = 100;

export function usageOf(pid: number): ProcessUsage {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const megabytes = (field: RegExp) => Number(field.exec(rollup)?.[1]) / 1024;
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The command's name, in parentheses, may hold spaces; the fields after it are numbered from 3 (proc(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user, system] = [fields[11], fields[12]].map(Number);
  return {
    pssMegabytes: megabytes(/^Pss:\s+(\d+) kB$/m),
    rssMegabytes: megabytes(/^Rss:\s+(\d+) kB$/m),
    cpuSeconds: (user! + system!) / TICKS,
  };
}
